// While a batch is being read: ask how far it is, and show the whole page again when it is done.
"use strict";

const reading = document.querySelector("#reading");
const began = { at: Date.now(), left: Number(reading?.dataset.left || 0) };

function timeLeft(left) {
  const done = began.left - left;
  if (done < 3) return "";
  const seconds = Math.round(((Date.now() - began.at) / 1000 / done) * left);
  const words = seconds >= 90 ? reading.dataset.minutes.replace("{n}", Math.round(seconds / 60)) : reading.dataset.seconds.replace("{n}", seconds);
  return ` · ${words}`;
}

async function look() {
  const answer = await fetch(`/batches/${reading.dataset.batch}/progress`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const now = await answer.json();
  const total = Number(reading.dataset.total);
  reading.querySelector("progress").value = total - now.left;
  reading.querySelector("[data-words]").textContent =
    reading.dataset.words.replace("{done}", total - now.left).replace("{total}", total) + timeLeft(now.left);
  if (now.left) setTimeout(look, 1500);
  else window.location.reload();
}

if (reading) setTimeout(look, 1000);
