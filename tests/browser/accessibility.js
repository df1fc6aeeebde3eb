// What is wrong with the page for somebody who cannot see it, cannot use a pointer, or sees little. Returns sentences.
() => {
  const faults = [];
  const name = (node) => `${node.tagName.toLowerCase()} ${node.id || node.name || node.textContent.trim().slice(0, 20)}`;
  const shown = (node) => node.getClientRects().length > 0;
  const said = (node) =>
    node.getAttribute("aria-label") || node.title || node.textContent.trim() || node.querySelector("img[alt]")?.alt;

  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.querySelector("main")) faults.push("no main");
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const labelled = [...field.labels].some((one) => one.textContent.trim()) || field.getAttribute("aria-label");
    if (!labelled) faults.push(`no label: ${name(field)}`);
  }
  for (const picture of document.querySelectorAll("img")) if (!picture.hasAttribute("alt")) faults.push("no alt");
  for (const one of document.querySelectorAll("a[href]:not([aria-hidden=true]), button"))
    if (shown(one) && !one.closest("svg") && !said(one)) faults.push(`no name: ${one.outerHTML.slice(0, 60)}`);
  for (const bar of document.querySelectorAll("progress")) if (!bar.getAttribute("aria-label")) faults.push("no label: progress");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push(`twice: #${id}`);
  let level = 1;
  for (const heading of document.querySelectorAll("main h1, main h2, main h3")) {
    if (Number(heading.tagName[1]) > level + 1) faults.push(`a level is left out before ${name(heading)}`);
    level = Number(heading.tagName[1]);
  }
  for (const leaf of document.querySelectorAll(".leaf")) if (leaf.tabIndex < 0) faults.push("a page that no key can scroll");

  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).map((one) => one / 255).map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  for (const node of document.querySelectorAll("body *")) {
    const written = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!written || !shown(node) || node.closest("svg, [aria-hidden=true], option, :disabled")) continue;
    const [one, other] = [light(getComputedStyle(node).color), light(ground(node))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(1)}: ${name(node)}`);
  }
  return [...new Set(faults)];
}
