// Keys for people who catalogue all day. Everything they do can be done with the pointer as well.
"use strict";

const field = (node) => node.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
const press = (selector) => document.querySelector(selector)?.click();

function moveThroughList(step) {
  const rows = [...document.querySelectorAll("[data-rows] tr")];
  if (!rows.length) return press(step > 0 ? "[data-key=next]" : "[data-key=previous]");
  const at = rows.findIndex((row) => row.hasAttribute("aria-selected"));
  const to = Math.min(rows.length - 1, Math.max(0, at + step));
  rows[at]?.removeAttribute("aria-selected");
  rows[to].setAttribute("aria-selected", "true");
  rows[to].scrollIntoView({ block: "nearest" });
  rows[to].querySelector("a")?.focus({ preventScroll: true });
}

function markRow() {
  const box = document.querySelector("tr[aria-selected] input[type=checkbox]");
  if (box) box.checked = !box.checked;
}

const keys = {
  "/": () => document.querySelector("input[type=search]")?.select(),
  j: () => moveThroughList(1),
  k: () => moveThroughList(-1),
  a: () => press("[data-key=accept]"),
  e: () => document.querySelector("[data-key=edit]")?.focus(),
  x: markRow,
  m: () => press("[data-key=merge]"),
  s: () => press("[data-key=split]"),
  z: () => press("[data-key=larger]"),
  r: () => press("[data-key=turn]"),
  "[": () => press("a[rel=prev]"),
  "]": () => press("a[rel=next]"),
  t: () => press("[data-key=text]"),
  "?": () => document.querySelector("dialog.help")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (field(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// On a phone the rooms are a strip that scrolls: those we are in are brought into sight.
document.querySelectorAll(".rooms [aria-current]").forEach((one) => one.scrollIntoView({ block: "nearest", inline: "center" }));
document.querySelectorAll("[data-all]").forEach((box) =>
  box.addEventListener("change", () =>
    document.querySelectorAll("[data-rows] input[type=checkbox]").forEach((one) => (one.checked = box.checked))));
document.querySelectorAll("[data-help]").forEach((button) =>
  button.addEventListener("click", () => document.querySelector("dialog.help")?.showModal()));
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
