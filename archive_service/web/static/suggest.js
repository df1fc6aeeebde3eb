// Suggestions while typing in the search at the head. Without a script the search works as before.
"use strict";

const box = document.querySelector(".find.top");
const input = box?.querySelector("input[type=search]");
const PAUSE = 150;
let list = null;
let waiting = 0;
let asked = "";

function shut() {
  list?.remove();
  list = null;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(step) {
  const rows = [...(list?.children || [])];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const to = (at + step + rows.length + (at < 0 && step < 0 ? 1 : 0)) % rows.length;
  rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === to)));
  input.setAttribute("aria-activedescendant", rows[to].id);
}

function row(one, number) {
  const line = document.createElement("li");
  line.id = `suggested-${number}`;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  line.dataset.address = one.address;
  const kind = document.createElement("small");
  kind.textContent = box.dataset[one.kind] || "";
  line.append(one.text, kind);
  if (one.number) kind.append(` ${one.number}`);
  line.addEventListener("mousedown", (event) => { event.preventDefault(); window.location.assign(one.address); });
  return line;
}

function show(found) {
  shut();
  if (!found.length) return;
  list = document.createElement("ul");
  list.id = "suggested";
  list.className = "suggested";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  list.append(...found.map(row));
  box.append(list);
  input.setAttribute("aria-expanded", "true");
}

async function ask() {
  const typed = input.value.trim();
  asked = typed;
  if (!typed) return shut();
  const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(typed)}`);
  // A slow answer to what is no longer typed would show the wrong list.
  if (answer.ok && asked === typed && document.activeElement === input) show(await answer.json());
}

if (input && box.dataset.person) {
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggested" })) input.setAttribute(name, value);
  input.autocomplete = "off";
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  input.addEventListener("compositionend", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
  input.addEventListener("blur", shut);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !list) return;
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown") choose(1);
    else if (event.key === "ArrowUp") choose(-1);
    else if (event.key === "Escape") shut();
    else if (event.key === "Enter" && chosen) window.location.assign(chosen.dataset.address);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
