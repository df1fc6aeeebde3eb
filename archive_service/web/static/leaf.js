// The picture of a page: larger in three steps, turned by quarters. What is marked on it goes along.
"use strict";

const STEPS = [1, 1.8, 3];

function lay(leaf) {
  const paper = leaf.querySelector(".paper");
  const picture = paper.querySelector("img");
  const ratio = picture.naturalHeight / picture.naturalWidth || 1;
  const step = Number(leaf.dataset.step || 0);
  const turns = Number(leaf.dataset.turns || 0);
  leaf.classList.toggle("big", step > 0);
  const wide = leaf.clientWidth * STEPS[step];
  const across = turns % 2 ? wide / ratio : wide;
  const moved = [[0, 0], [wide, 0], [wide, across * ratio], [0, across]][turns];
  paper.style.width = `${across}px`;
  paper.style.transform = turns ? `translate(${moved[0]}px, ${moved[1]}px) rotate(${turns * 90}deg)` : "";
  // A turned paper still takes the room it had lying straight; what it takes too much or too little is made up below.
  paper.style.marginBottom = turns % 2 ? `${across - across * ratio}px` : "";
  // Columns are read from the right, lines from the left.
  leaf.scrollLeft = paper.dataset.vertical ? leaf.scrollWidth : 0;
  if (step && !picture.src.includes("longest=")) picture.src += "?longest=3000";
}

function change(name, count) {
  document.querySelectorAll(".leaf.scan").forEach((leaf) => {
    leaf.dataset[name] = (Number(leaf.dataset[name] || 0) + 1) % count;
    lay(leaf);
  });
}

document.querySelectorAll(".tools").forEach((tools) => {
  tools.hidden = false;
  tools.querySelector("[data-key=larger]").addEventListener("click", () => change("step", STEPS.length));
  tools.querySelector("[data-key=turn]").addEventListener("click", () => change("turns", 4));
});
document.querySelectorAll("button[data-key=text]").forEach((button) =>
  button.addEventListener("click", () => {
    document.querySelector(".spread").classList.toggle("alone");
    document.querySelectorAll(".leaf.scan").forEach(lay);
  }));
