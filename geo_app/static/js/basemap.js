// How the basemap is drawn: every rule in one place, every colour from tokens.css.
"use strict";

const BIG = new Set(["motorway", "trunk", "primary", "secondary", "motorway_link", "trunk_link", "primary_link", "secondary_link"]);
const MIDDLE = new Set(["tertiary", "tertiary_link"]);
const PATHS = new Set(["footway", "path", "cycleway", "steps", "track", "bridleway", "corridor", "platform"]);
const GREENS = { green: "--green", wood: "--wood", field: "--field" };

const dark = matchMedia("(prefers-color-scheme: dark)");
const inks = { read: new Map(), probe: document.createElement("i") };

/** Read a colour of the map; it changes with the scheme of the device, and by night: only an element settles it. */
function ink(name) {
  const key = `${dark.matches} ${name}`;
  if (!inks.read.has(key)) {
    if (!inks.probe.isConnected) (document.querySelector(".map") ?? document.body).append(inks.probe);
    inks.probe.style.color = `var(${name})`;
    inks.read.set(key, getComputedStyle(inks.probe).color);
  }
  return inks.read.get(key);
}

const font = () => getComputedStyle(document.documentElement).getPropertyValue("--font").trim() || "sans-serif";

const sort = (kind) => (BIG.has(kind) ? "big" : MIDDLE.has(kind) ? "middle" : PATHS.has(kind) ? "path" : "small");

/** Width of a street [px] at a zoom: it doubles about every one and a half zooms. */
function width(sortOf, zoom) {
  const at16 = { big: 11, middle: 8.5, small: 6.5, path: 1.4 }[sortOf];
  return Math.max(sortOf === "path" ? 0.7 : 0.6, at16 * 2 ** ((zoom - 16) / 1.45));
}

/** Rules for areas, streets and rails, the lowest first. */
function paintRules(p) {
  const fill = (name) => new p.PolygonSymbolizer({ fill: ink(name) });
  const land = (kind, name) => ({ dataSource: "land", dataLayer: "land", symbolizer: fill(name), filter: (_, f) => f.props.kind === kind });
  const line = (colour, filter, wide, more = {}) => ({
    dataSource: "streets", dataLayer: "streets", filter, ...more,
    symbolizer: new p.LineSymbolizer({ color: ink(colour), width: wide, lineCap: "round", lineJoin: "round", ...(more.style || {}) }),
  });
  const is = (sortOf, test = () => true) => (_, f) => sort(f.props.kind) === sortOf && test(f.props);
  const street = (sortOf, casing, fillName, minzoom, test) => [
    line(casing, is(sortOf, test), (z) => width(sortOf, z) + (z > 13 ? 1.6 : 1), { minzoom }),
    line(fillName, is(sortOf, test), (z) => width(sortOf, z), { minzoom }),
  ];
  const above = (props) => props.bridge;
  const ground = (props) => !props.bridge && !props.tunnel;
  const below = (props) => props.tunnel;
  const rails = (colour, wide, dash) => ({
    dataSource: "rails", dataLayer: "rails", filter: (_, f) => f.props.kind === "railway",
    symbolizer: new p.LineSymbolizer({ color: ink(colour), width: wide, ...(dash ? { dash } : {}) }),
  });
  const waters = {
    dataSource: "rails", dataLayer: "rails", filter: (_, f) => f.props.kind === "water",
    symbolizer: new p.LineSymbolizer({ color: ink("--water"), width: (z) => Math.max(1, 3 * 2 ** ((z - 16) / 1.5)), lineCap: "round" }),
  };
  return [
    land("field", "--field"), land("built", "--built"), land("industry", "--industry"), land("green", "--green"),
    land("wood", "--wood"), land("square", "--square"), land("water", "--water"), waters,
    { dataSource: "buildings", dataLayer: "buildings", minzoom: 14, symbolizer: fill("--building") },
    ...street("small", "--case", "--tunnel", 14, below), ...street("big", "--case", "--tunnel", 11, below),
    line("--path", is("path", (q) => !q.bridge), (z) => width("path", z), { minzoom: 14, style: { dash: [3, 2.2], lineCap: "butt" } }),
    ...street("small", "--case", "--street", 11, ground), ...street("middle", "--case", "--street", 11, ground),
    ...street("big", "--bigcase", "--big", 9, ground),
    rails("--rail", (z) => Math.max(1, 3.2 * 2 ** ((z - 16) / 1.8))), rails("--land", (z) => Math.max(0.4, 1.6 * 2 ** ((z - 16) / 1.8)), [5, 5]),
    line("--case", is("path", above), (z) => width("path", z) + 2, { minzoom: 14 }),
    line("--street", is("path", above), (z) => width("path", z) + 1, { minzoom: 14 }),
    ...street("small", "--case", "--street", 11, above), ...street("middle", "--case", "--street", 11, above),
    ...street("big", "--bigcase", "--big", 9, above),
  ];
}

const ASIDE = [[0, 0], [0, 16], [0, -16], [0, 28], [-30, 10], [30, 10], [-30, -16], [30, -16], [0, -30], [-44, 0], [44, 0], [-44, 24], [44, 24], [0, -38], [0, 38]];

/** Overlap of two boxes [px²]. */
const shared = (a, b) => Math.max(0, Math.min(a.maxX, b.maxX) - Math.max(a.minX, b.minX)) * Math.max(0, Math.min(a.maxY, b.maxY) - Math.max(a.minY, b.minY));

/**
 * Writes a name at its place, or a little aside where a pin or another name would cover it.
 * `boxes(zoom)` are those of the pins, in the pixels in which names are placed.
 */
class Aside {
  constructor(text, grown, boxes) {
    Object.assign(this, { text, grown, boxes });
  }

  place(layout, geom, feature) {
    const pins = this.boxes(layout.zoom);
    const far = layout.zoom < 13 ? 20 : 50; // a name must stay in its quarter
    let least = Infinity;
    let best;
    for (const [x, y] of ASIDE.filter((by) => Math.hypot(...by) < far)) {
      const at = geom[0][0].add({ x: x * this.grown, y: y * this.grown });
      const label = this.text.place(layout, [[at]], feature)?.[0];
      if (!label) return undefined;
      const [box] = label.bboxes;
      const room = 5 * this.grown;
      const wide = { minX: box.minX - room, maxX: box.maxX + room, minY: box.minY - room, maxY: box.maxY + room };
      const hidden = pins.reduce((sum, pin) => sum + shared(box, pin), 0) / ((box.maxX - box.minX) * (box.maxY - box.minY));
      const cost = hidden + Math.hypot(x, y) / 330 + (layout.index.bboxCollides(wide, Infinity) ? 10 : 0);
      if (cost < least) [least, best] = [cost, label];
    }
    // a place near the edge of a tile comes with its neighbour again, and must not be written twice
    return [{ ...best, deduplicationKey: feature.props.name, deduplicationDistance: 160 * this.grown }];
  }
}

/**
 * Rules for names: places first, then streets along their course.
 * Between two zooms tiles are drawn smaller than they are; `grown` evens that out.
 */
function labelRules(p, grown, boxes) {
  const family = font();
  const halo = { stroke: ink("--land"), width: 3 * grown };
  const named = (sortOf, size, minzoom) => ({
    dataSource: "street_names", dataLayer: "street_names", minzoom, filter: (_, f) => sort(f.props.kind) === sortOf,
    symbolizer: new p.LineLabelSymbolizer({ labelProps: ["name"], fill: ink("--ink-2"), ...halo, fontFamily: family, fontSize: size * grown, fontWeight: 500, repeatDistance: 500 }),
  });
  const city = document.querySelector(".mark .of")?.textContent;
  const letters = new p.CenteredTextSymbolizer({ labelProps: ["name"], fill: ink("--ink"), ...halo, fontFamily: family, fontSize: (z) => (z < 13 ? 12.5 : 15) * grown, fontWeight: 650, letterSpacing: 0.4 });
  const places = (test) => ({ dataSource: "names", dataLayer: "names", maxzoom: 15, filter: (_, f) => f.props.name && test(f.props.name), symbolizer: new Aside(letters, grown, boxes) });
  return [
    places((name) => name !== city), places((name) => name === city), // all know where they are
    named("big", 12, 14), named("middle", 12, 15), named("small", 11.5, 16),
  ];
}

/**
 * Put the basemap below everything else, and draw it anew when the device turns light or dark.
 * `pins()` tells where pins stand; the function returned writes the names anew where they moved.
 */
function addBasemap(map, config, pins) {
  const p = protomapsL;
  const names = Object.keys(config.archives);
  if (!names.length) return () => {};
  const sources = Object.fromEntries(names.map((name) => [name, { url: config.archives[name], maxDataZoom: config.maxzoom }]));
  const has = (rule) => names.includes(rule.dataSource);
  const common = { sources, attribution: "", noWrap: true };
  const grown = () => 2 ** (Math.round(map.getZoom()) - map.getZoom());
  const drawn = {};
  let size = 0;
  let avoided = "";
  const replace = (name, layer) => {
    layer.addTo(map);
    drawn[name]?.remove();
    drawn[name] = layer;
  };
  const ground = () => replace("ground", p.leafletLayer({ ...common, paintRules: paintRules(p).filter(has), labelRules: [], backgroundColor: ink("--land") }));
  // names lie above what is coloured: a map of gaps is read by its names
  const letters = () => {
    size = grown();
    const spots = pins();
    avoided = spots.join();
    const [wide, high] = map.getZoom() < 14 ? [18, 24] : [24, 32];
    const boxes = (zoom) => spots.map((spot) => {
      const tip = map.project(spot, zoom);
      return { minX: tip.x - wide / 2 * size, maxX: tip.x + wide / 2 * size, minY: tip.y - high * size, maxY: tip.y };
    });
    replace("letters", p.leafletLayer({ ...common, paintRules: [], labelRules: labelRules(p, size, boxes).filter(has), pane: "names" }));
  };
  const all = () => { ground(); letters(); };
  all();
  map.on("zoomend", () => { if (grown() !== size) letters(); });
  // names are measured when they are placed: wait for our own letters
  document.fonts.load(`500 12px ${font()}`).then(letters, () => {});
  dark.addEventListener("change", all);
  return () => { if (pins().join() !== avoided) letters(); };
}
