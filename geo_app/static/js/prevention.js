// The work list and its map in step; without a script the list and its pages tell everything.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const frame = document.querySelector(".split .map");
  const canvas = frame?.querySelector(".canvas");
  const city = canvas && window[canvas.id]?.city;
  if (!city) return;
  const rows = new Map([...document.querySelectorAll("[data-task]")].map((row) => [row.dataset.task, row]));
  const outline = L.layerGroup().addTo(city.map);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let shown = "";

  /** Draw a task's line or square above all others, and move the map only if it lies outside. */
  const emphasise = async (id) => {
    shown = id;
    const source = city.config.sources.find((one) => one.name === "tasks");
    let features = city.features.get("tasks");
    try { features ??= (await city.fetch(source.url)).features; } catch { return; }
    if (shown !== id) return;
    outline.clearLayers();
    const feature = features.find((one) => one.id === id);
    if (!feature) return;
    const base = { renderer: city.renderers.walks, pane: "walks", interactive: false, fill: false };
    L.geoJSON(feature, { ...base, style: { color: ink("--card"), weight: 11, opacity: 0.95 } }).addTo(outline);
    const drawn = L.geoJSON(feature, { ...base, style: { color: ink("--brand"), weight: 6, opacity: 1, className: "emphasised" } }).addTo(outline);
    const box = drawn.getBounds();
    if (!city.map.getBounds().intersects(box)) city.map.panTo(box.getCenter(), { animate: !calm });
  };

  const mark = (id) => {
    for (const [other, row] of rows) row.classList.toggle("here", other === id);
  };

  for (const [id, row] of rows) {
    for (const event of ["mouseenter", "focusin"]) row.addEventListener(event, () => { mark(id); emphasise(id); });
  }

  // what is clicked on the map is marked in the list and brought into view; its card leads to its page
  const telling = city.tell.bind(city);
  city.tell = (source, feature, ...rest) => {
    telling(source, feature, ...rest);
    mark(feature.id);
    emphasise(feature.id);
    rows.get(feature.id)?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  };

  // arrow keys go from row to row, as in a list of messages
  const links = [...rows.values()].map((row) => row.querySelector("h3 a"));
  document.querySelector(".tasks")?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = links.indexOf(event.target);
    if (!step || here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = links[here + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
});
