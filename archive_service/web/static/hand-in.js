// Handing in from the browser: each file goes up as a stream of its own, so that one that fails costs only itself.
"use strict";

// The browser's own words beside a file input are in the language of the browser; what was chosen is said below.
document.documentElement.classList.add("scripted");

const form = document.querySelector("#hand-in");
const drop = document.querySelector("#drop");
const list = document.querySelector("#files");
const headers = { "X-CSRF-Token": form.dataset.csrf };
let chosen = [];

function show() {
  const bytes = chosen.reduce((sum, one) => sum + one.file.size, 0);
  document.querySelector("#chosen").textContent =
    chosen.length ? form.dataset.chosen.replace("{n}", chosen.length).replace("{size}", (bytes / 1048576).toFixed(1)) : "";
  document.querySelector("#send").disabled = !chosen.length;
}

function take(files) {
  chosen = files.filter((one) => one.file.size >= 0);
  show();
}

for (const input of form.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () =>
    take([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name }))));
}

async function entries(reader) {
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    found.push(...some);
  }
}

async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    found.push({ file, path: entry.fullPath.replace(/^\//, "") });
  } else {
    for (const inner of await entries(entry.createReader())) await walk(inner, found);
  }
}

drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const found = [];
  const roots = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  for (const root of roots) await walk(root, found);
  take(found);
});

function put(url, file, moved) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => moved(event.loaded));
    request.addEventListener("loadend", () => done(request));
    request.send(file);
  });
}

function line(one) {
  const row = list.insertRow();
  row.insertCell().textContent = one.path;
  const state = row.insertCell();
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", form.dataset.sending.replace("{name}", one.path));
  bar.max = Math.max(1, one.file.size);
  bar.value = 0;
  state.append(bar);
  return { bar, state };
}

async function sendOne(base, one) {
  const { bar, state } = line(one);
  const url = `${base}/files/${one.path.split("/").map(encodeURIComponent).join("/")}`;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const request = await put(url, one.file, (loaded) => { bar.value = loaded; });
    if (request.status >= 200 && request.status < 300) {
      state.textContent = form.dataset.received;
      return true;
    }
    if (request.status >= 400 && request.status < 500) {
      let detail = "";
      try { detail = JSON.parse(request.responseText).detail; } catch { detail = request.statusText; }
      state.textContent = detail || form.dataset.failed;
      return false;
    }
  }
  state.textContent = form.dataset.failed;
  return false;
}

function source() {
  const first = chosen[0].path;
  return first.includes("/") ? first.split("/")[0] : first;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!chosen.length) return;
  document.querySelector("#send").disabled = true;
  const wrong = document.querySelector("#wrong");
  const total = document.querySelector("#total");
  const village = form.elements.village.value;
  const opened = await fetch("/api/v1/batches", {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ village, source: source() }),
  });
  if (!opened.ok) {
    wrong.textContent = (await opened.json()).detail;
    wrong.hidden = false;
    return;
  }
  const batch = await opened.json();
  const base = `/api/v1/batches/${batch.id}`;
  total.max = chosen.length;
  total.value = 0;
  total.hidden = false;
  let failed = 0;
  for (const one of chosen) {
    if (!(await sendOne(base, one))) failed += 1;
    total.value += 1;
  }
  await fetch(`${base}/close`, { method: "POST", headers });
  if (!failed) window.location.assign(`/batches/${batch.id}`);
  else {
    wrong.textContent = form.dataset.some.replace("{n}", failed);
    wrong.hidden = false;
    const on = document.querySelector("#on");
    on.href = `/batches/${batch.id}`;
    on.hidden = false;
  }
});

form.querySelectorAll(".plain").forEach((node) => { node.hidden = true; });
document.querySelector("#send").disabled = true;
