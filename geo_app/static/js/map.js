// What the map draws over its ground, and how it talks: features are fetched,
// every word of a person's or an editor's goes through textContent.
"use strict";

const MANY = 180; // pins in view that can still be told apart; more are drawn as dots
const AVOIDED = 400; // pins that names keep away from
const CELLS = [100, 400]; // side of a cell that a square is measured against [m]
const ROUND = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
const NARROW = 500; // width of a map on which an open popup stands alone [px]
const STACKED = 3000; // features of a layer among which those of the same outline are looked for
const KEPT = 40; // answers kept; a map that is moved about asks for many
const METRES = 40075016.686; // around the equator [m]
const SVG = "http://www.w3.org/2000/svg";
const PIN = "M12 0C5.9 0 1 4.9 1 11c0 8.2 11 21 11 21s11-12.8 11-21C23 4.9 18.1 0 12 0z";

// Whoever asked the device for less motion gets a map that stands still.
if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
  L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
}

/** Make an element with text; never with markup. */
function element(tag, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Draw a pin: with a dot, or with a number on it. */
function pinIcon(name, small, number = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 32");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PIN);
  const dot = document.createElementNS(SVG, "circle");
  for (const [key, value] of [["cx", 12], ["cy", 11], ["r", 4.2]]) dot.setAttribute(key, value);
  const figure = document.createElementNS(SVG, "text");
  for (const [key, value] of [["x", 12], ["y", 15.5], ["text-anchor", "middle"]]) figure.setAttribute(key, value);
  figure.textContent = number;
  svg.append(path, number ? figure : dot);
  const [wide, high] = number ? [30, 40] : small ? [18, 24] : [24, 32];
  return L.divIcon({ html: svg, className: `pin ${name}`, iconSize: [wide, high], iconAnchor: [wide / 2, high] });
}

/** Fill with stripes: a loss is told from a gain without colours, too. */
function stripes(colour) {
  const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const drawn = tile.getContext("2d");
  drawn.fillStyle = drawn.strokeStyle = colour;
  drawn.globalAlpha = 0.4;
  drawn.fillRect(0, 0, 8, 8);
  drawn.globalAlpha = 1;
  drawn.lineWidth = 2.6;
  for (const x of [-8, 0, 8]) { drawn.moveTo(x - 1, 9); drawn.lineTo(x + 9, -1); }
  drawn.stroke();
  return drawn.createPattern(tile, "repeat");
}

/** Hatch without a ground: nothing is known here. */
function hatch(colour) {
  const tile = Object.assign(document.createElement("canvas"), { width: 9, height: 9 });
  const drawn = tile.getContext("2d");
  drawn.strokeStyle = colour;
  drawn.lineWidth = 0.9;
  for (const x of [-9, 0, 9]) { drawn.moveTo(x - 1, -1); drawn.lineTo(x + 10, 10); }
  drawn.stroke();
  return drawn.createPattern(tile, "repeat");
}

/**
 * The map of a page. A page's own script finds it as `city` of the Leaflet map and may set
 * `dressing` (name of a source → function that returns the features to draw instead),
 * `onPin(marker, source, feature)` before a pin is drawn and `onCard(card, source, feature)`
 * when a popup opens; `draw(source)` then draws anew.
 */
class City {
  constructor(map, config) {
    this.map = map;
    this.config = config;
    this.words = config.words;
    this.number = new Intl.NumberFormat(config.language, { maximumFractionDigits: 1 });
    this.chance = new Intl.NumberFormat(config.language, { maximumFractionDigits: 4 }); // the p of a test
    this.day = new Intl.DateTimeFormat(config.language, { dateStyle: "long", timeZone: "UTC" });
    this.frame = map.getContainer().closest(".map");
    this.shown = new Map(); // source name -> what is drawn
    this.features = new Map(); // source name -> features
    this.fetched = new Map(); // address -> promise of features
    this.dressing = new Map(); // source name -> what to draw instead of its features
    this.onPin = this.onCard = () => {};
    this.extra = L.layerGroup().addTo(map); // walk or reach of the open popup
    this.waiting = 0;
    this.failed = new Set(); // sources that did not load
    this.part = new Set(); // sources of which only a part is drawn
    for (const [pane, above] of [["squares", 420], ["names", 430]]) {
      Object.assign(map.createPane(pane).style, { zIndex: above, pointerEvents: "none" });
    }
    map.createPane("walks").style.zIndex = 450;
    this.renderers = { cells: L.canvas({ padding: 0.4 }), squares: L.canvas({ pane: "squares", padding: 0.4 }), walks: L.svg({ pane: "walks" }) };
  }

  start() {
    this.rename = addBasemap(this.map, this.config.basemap, () => this.pins());
    L.control.scale({ imperial: false }).addTo(this.map);
    this.fold();
    this.overview();
    for (const source of this.config.sources) if (source.visible) this.show(source);
    this.tools();
    this.lists();
    this.map.on("moveend", () => this.moved());
    this.map.on("popupclose", () => { this.extra.clearLayers(); this.frame.removeAttribute("data-telling"); });
    addEventListener("keydown", (event) => { if (event.key === "Escape") this.map.closePopup(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
    new ResizeObserver(() => this.map.invalidateSize()).observe(this.map.getContainer());
  }

  // ---- fetching ----

  async fetch(address) {
    if (!this.fetched.has(address)) {
      this.busy(1);
      const answer = fetch(address, { headers: { Accept: "application/geo+json" } })
        .then((got) => { if (!got.ok) throw new Error(`${got.status}`); return got.json(); })
        .finally(() => this.busy(-1));
      this.fetched.set(address, answer);
      if (this.fetched.size > KEPT) this.fetched.delete(this.fetched.keys().next().value);
      answer.catch(() => this.fetched.delete(address));
    }
    return this.fetched.get(address);
  }

  busy(change) {
    this.waiting += change;
    this.frame.toggleAttribute("data-loading", this.waiting > 0);
    if (!this.waiting) this.frame.dataset.ready = "true";
    this.status();
  }

  /** Say what the map is at: what failed comes before what is still on its way. */
  status() {
    const told = (this.failed.size && this.words.failed) || (this.waiting && this.words.loading) || (this.part.size && this.words.part) || "";
    const status = this.frame.querySelector(".map-status");
    status.textContent = told;
    status.hidden = !told;
    if (!this.failed.size) return;
    const again = element("button", this.words.retry, { type: "button", class: "btn" });
    again.addEventListener("click", () => [...this.failed].forEach((source) => this.show(source)));
    status.append(" ", again);
  }

  async show(source) {
    const inView = () => `${source.url}${source.url.includes("?") ? "&" : "?"}bbox=${this.map.getBounds().pad(0.1).toBBoxString()}`;
    const address = source.by_view ? inView() : source.url;
    source.wanted = address;
    this.failed.delete(source);
    try {
      const got = await this.fetch(address);
      if (source.wanted !== address) return; // hidden or moved on in the meantime
      this.features.set(source.name, got.features);
      this.part[got.more ? "add" : "delete"](source);
      this.draw(source);
    } catch {
      if (source.wanted === address) this.failed.add(source);
    }
    this.status();
  }

  hide(source) {
    source.wanted = "";
    this.shown.get(source.name)?.remove();
    this.shown.delete(source.name);
    this.failed.delete(source);
    this.part.delete(source);
    if (source.kind === "squares") this.sizes([]);
    this.rename();
    this.status();
  }

  // ---- drawing ----

  /** Features of a source as they are drawn. */
  dressed(source, features = this.features.get(source.name)) {
    return this.dressing.get(source.name)?.(features) ?? features;
  }

  draw(source) {
    const features = this.dressed(source);
    const made = { cells: () => this.cells(source, features), squares: () => this.squares(source, features), places: () => this.places(source, features), marked: () => this.marked(source, features), layer: () => this.layer(source, features) }[source.kind]();
    const held = document.activeElement?.dataset.feature;
    this.shown.get(source.name)?.remove();
    this.shown.set(source.name, made);
    made.addTo(this.map);
    this.rename();
    if (held) this.pinOf(held)?.focus({ preventScroll: true });
  }

  redraw() {
    for (const source of this.config.sources) if (this.shown.has(source.name)) this.draw(source);
  }

  moved() {
    for (const source of this.config.sources) {
      if (source.by_view && source.wanted) this.show(source);
      else if (!this.shown.has(source.name)) continue;
      else if (source.kind === "places") this.draw(source);
      else if ((["squares", "layer"].includes(source.kind) || source.linear) && this.zoomed !== this.map.getZoom()) this.draw(source);
    }
    this.zoomed = this.map.getZoom();
    this.giveWay();
  }

  /** Return the class of a row: a name among its kinds, or the first end that its number does not exceed. */
  rank(source, value) {
    if (source.kinds.length) return source.kinds.indexOf(value);
    // a count too small to be told is one of the smallest; a walk without a number is the longest
    if (value === null && !source.few) return source.scale === "diverging" ? source.breaks.length / 2 : source.breaks.length;
    const found = source.breaks.findIndex((limit) => (value ?? 1) <= limit);
    return found < 0 ? source.breaks.length : found;
  }

  cells(source, features) {
    const last = source.inks.length - 1;
    const near = this.map.getZoom() >= 15;
    const classed = features.map((feature) => [feature, this.rank(source, feature.properties[source.values])]).filter(([, rank]) => rank >= 0);
    const ranks = new Map(classed.map(([feature, rank]) => [feature.id, rank]));
    const rankOf = (feature) => ranks.get(feature.id);
    const line = (feature) => /Line/.test(feature.geometry.type);
    // lines of the lowest class are thin, so that the few that matter are found among many
    const wide = (feature) => (near ? 5 : 2.5) * (source.scale === "sequential" && !rankOf(feature) ? 0.5 : 1) + (source.scale === "sequential" ? rankOf(feature) : Number(rankOf(feature) !== last / 2));
    const losses = new Map(source.scale === "diverging" ? ["d0", "d1"].map((name) => [name, stripes(ink(`--${name}`))]) : []);
    // "unsafe striped" is a hint, "g3 hatched" is not known: told apart from what is sure without colours, too
    const patterns = new Map(source.inks.filter((name) => name.includes(" ")).map((name) => {
      const [tone, pattern] = name.split(" ");
      return [name, (pattern === "hatched" ? hatch : stripes)(ink(`--${tone}`))];
    }));
    const style = (feature) => {
      const name = source.inks[rankOf(feature)];
      const colour = ink(`--${name.split(" ")[0]}`);
      if (patterns.has(name) && line(feature)) return { color: colour, weight: wide(feature), opacity: 1, dashArray: name.endsWith("hatched") ? "2 6" : "6 5", lineCap: "butt" };
      if (patterns.has(name)) return { fillColor: patterns.get(name), fillOpacity: name.endsWith("hatched") ? 0.55 : 0.85, weight: 0, stroke: false };
      if (losses.has(source.inks[rankOf(feature)]) && !line(feature)) return { fillColor: losses.get(source.inks[rankOf(feature)]), fillOpacity: 0.8, weight: 0, stroke: false };
      if (line(feature)) return { color: colour, weight: wide(feature), opacity: 1 };
      return { fillColor: colour, fillOpacity: source.faint && rankOf(feature) === last ? 0.3 : source.scale === "diverging" && rankOf(feature) === last / 2 ? 0.25 : 0.6, weight: 0, stroke: false };
    };
    const shown = classed.sort(([, a], [, b]) => (source.scale === "sequential" ? a - b : 0)).map(([feature]) => feature);
    const lines = shown.filter(line);
    source.linear = lines.length > 0;
    // a rim keeps light lines apart from the streets below them; what is made first is drawn first
    const rim = L.geoJSON(lines, { renderer: this.renderers.cells, interactive: false, style: (feature) => ({ color: ink("--ink"), weight: wide(feature) + (rankOf(feature) ? 2 : 1), opacity: rankOf(feature) ? 0.55 : 0.35 }) });
    const drawn = L.geoJSON(shown, {
      renderer: this.renderers.cells, style,
      pointToLayer: (feature, spot) => L.circleMarker(spot, { renderer: this.renderers.cells, radius: near ? 7 : 4, weight: 1.5, stroke: true, color: ink("--card"), fillColor: ink(`--${source.inks[rankOf(feature)].split(" ")[0]}`), fillOpacity: 1 }),
      onEachFeature: (feature, layer) => layer.on("click", (event) => this.tell(source, feature, event.latlng)),
    });
    return lines.length ? L.layerGroup([rim, drawn]) : drawn;
  }

  /** Squares as large as their people: their areas compare, whatever the cells. */
  squares(source, features) {
    const people = (feature) => feature.properties[source.values];
    const gaps = features.filter((feature) => people(feature) >= 0.5).sort((a, b) => people(b) - people(a));
    const side = this.sideOf(gaps, people);
    const style = { renderer: this.renderers.squares, pane: "squares", stroke: false, fillColor: ink("--gap"), fillOpacity: 0.92, interactive: false };
    this.sizes(ROUND.filter((number) => gaps.length && number <= people(gaps[0])).map((number) => [number, side(number)]));
    return L.layerGroup(gaps.map((feature) => L.rectangle(this.spot(feature).toBounds(Math.max(side(people(feature)), 8)), style)));
  }

  /** Return the side [m] of the square of so many people; one gap in fifty may outgrow its cell. */
  sideOf(gaps, people) {
    const middle = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
    const wide = gaps.slice(0, 99).map((gap) => { const box = L.geoJSON(gap).getBounds(); return box.getSouthEast().distanceTo(box.getSouthWest()); });
    const cell = Math.min(Math.max(middle(wide) || 0, CELLS[0]), CELLS[1]);
    const large = Math.max(1, people(gaps[Math.floor(gaps.length / 50)] ?? { properties: {} }) || 1);
    const nearer = Math.max(1, 2 ** ((13 - this.map.getZoom()) / 2));
    return (number) => cell * 0.8 * nearer * Math.sqrt(number / large);
  }

  /** Write into the legend how many people two squares stand for at this zoom. */
  sizes(sides) {
    const entry = this.frame.querySelector(".legend .swatch.gap")?.parentElement;
    if (!entry) return;
    entry.parentElement.querySelector(".sizes")?.remove();
    const metre = 2 ** (this.map.getZoom() + 8) / METRES / Math.cos((this.map.getCenter().lat * Math.PI) / 180);
    const fitting = sides.map(([number, side]) => [number, side * metre]).filter(([, wide]) => wide >= 3 && wide <= 28);
    const line = element("li", "", { class: "sizes", "aria-hidden": "true" });
    for (const [number, wide] of new Set([fitting.at(-4) ?? fitting[0], fitting.at(-1)].filter(Boolean))) {
      const swatch = element("span", "", { class: "size", "aria-hidden": "true" });
      Object.assign(swatch.style, { width: `${wide}px`, height: `${wide}px` });
      line.append(swatch, element("span", this.number.format(number)));
    }
    if (line.childElementCount) entry.after(line);
  }

  places(source, features) {
    const view = this.map.getBounds().pad(0.05);
    const spots = features.map((feature) => [feature, this.spot(feature)]).filter(([, spot]) => view.contains(spot));
    if (spots.length > MANY) {
      const dot = { renderer: this.renderers.cells, radius: 4, weight: 1.5, color: ink("--card"), fillColor: ink("--brand"), fillOpacity: 1 };
      return L.layerGroup(spots.map(([feature, spot]) => L.circleMarker(spot, dot).on("click", () => this.tell(source, feature, spot))));
    }
    return L.layerGroup(spots.map(([feature, spot]) => this.pin(source, feature, spot)));
  }

  pin(source, feature, spot, number = "") {
    const told = feature.properties[source.label] || this.words.nameless;
    const name = number ? `${number}: ${told}` : told;
    const marker = L.marker(spot, { icon: pinIcon(source.name, !number && this.map.getZoom() < 14, number), keyboard: true, title: name, riseOnHover: true });
    marker.on("add", () => {
      marker.getElement().setAttribute("aria-label", name);
      marker.getElement().dataset.feature = feature.id;
    });
    this.onPin(marker, source, feature);
    marker.on("click", () => this.tell(source, feature, spot, marker));
    marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") this.tell(source, feature, spot, marker); });
    return marker;
  }

  /** Pins that carry their number, above all others; a list beside the map names them. */
  marked(source, features) {
    return L.layerGroup(features.map((feature, index) => {
      const marker = this.pin(source, feature, this.spot(feature), `${index + 1}`);
      return marker.setZIndexOffset(1000);
    }));
  }

  /** Where pins stand that a name must not hide behind; too many leave no room beside them. */
  pins() {
    const pinned = this.config.sources.filter((source) => ["places", "marked"].includes(source.kind) && this.shown.has(source.name));
    const spots = pinned.flatMap((source) => this.dressed(source).map((feature) => this.spot(feature)));
    return spots.length > AVOIDED ? [] : spots;
  }

  pinOf(id) {
    return this.frame.querySelector(`[data-feature="${CSS.escape(id)}"]`);
  }

  spot(feature) {
    if (feature.geometry.type === "Point") return L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]);
    feature.centre ??= L.geoJSON(feature).getBounds().getCenter();
    return feature.centre;
  }

  layer(source, features) {
    const tones = { unsafe: ink("--unsafe"), at_ease: ink("--at-ease"), control: ink("--unsafe"), zone: ink("--k4") };
    const tone = (feature) => tones[feature.properties.kind] ?? ink("--brand");
    const near = this.map.getZoom() >= 15;
    const dotted = { color: ink("--ink"), weight: near ? 3.5 : 2, dashArray: near ? "1 7" : "1 4", lineCap: "round", opacity: 0.9 };
    return L.geoJSON(features, {
      renderer: this.renderers.cells,
      style: (feature) => source.name === "lines" ? dotted : (/Line/.test(feature.geometry.type)
        ? { color: tone(feature), weight: tones[feature.properties.kind] ? 6 : near ? 3 : 1.2, opacity: 0.75 }
        : { color: tone(feature), weight: feature.properties.fill < 0.1 ? 0.6 : 1.5, opacity: 0.8, fillColor: tone(feature), fillOpacity: feature.properties.fill ?? 0.12 }),
      pointToLayer: (feature, spot) => L.circleMarker(spot, { renderer: this.renderers.cells, radius: near ? 5 : 2.5, weight: near ? 1 : 0, color: ink("--card"), fillColor: tone(feature), fillOpacity: 0.9 }),
      onEachFeature: (feature, layer) => layer.on("click", (event) => this.hit(source, feature, event.latlng)),
    });
  }

  // ---- telling ----

  /** Tell what was clicked; of several things with the same outline only one lies on top: list all. */
  hit(source, feature, spot) {
    const all = this.dressed(source);
    const here = all.length > STACKED ? [] : all.filter((one) => this.spot(one).equals(this.spot(feature)));
    if (here.length < 2) { this.tell(source, feature, spot); return; }
    const card = element("div", "", { class: "told", tabindex: "-1", role: "group" });
    const list = element("ul", "", { class: "stacked" });
    for (const one of here) {
      const name = this.nameOf(source, one);
      const entry = source.page
        ? element("a", name, { href: source.page + encodeURIComponent(one.id) })
        : element("button", name, { type: "button", class: "btn quiet" });
      if (!source.page) entry.addEventListener("click", () => this.tell(source, one, spot));
      list.append(element("li"));
      list.lastChild.append(entry);
    }
    card.append(element("h3", this.words.stacked.replace("{count}", this.number.format(here.length))), list);
    this.pop(card, feature, spot);
  }

  /** Return what a feature is called: by its class, or by its name. */
  nameOf(source, feature) {
    const coloured = source.columns.find((column) => column.name === source.values);
    const name = source.label && feature.properties[source.label];
    return coloured ? this.write(coloured, feature.properties[coloured.name]) : name || this.words.nameless;
  }

  /** Open a popup about a feature. */
  tell(source, feature, spot, marker = null) {
    const card = this.card(source, feature);
    this.onCard(card, source, feature);
    const popup = this.pop(card, feature, spot, marker);
    if (source.trace) this.walk(source, feature, card, popup);
  }

  /** Open a popup; closing it gives the focus back. */
  pop(card, feature, spot, marker = null) {
    this.extra.clearLayers();
    const before = marker?.getElement() ?? document.activeElement;
    const room = this.map.getSize();
    const popup = L.popup({
      maxWidth: Math.min(320, room.x - 60), minWidth: Math.min(260, room.x - 60), maxHeight: Math.min(340, room.y - 100),
      autoPanPadding: room.x < NARROW ? [8, 8] : [24, 72], offset: marker ? [0, -26] : [0, 0],
    }).setLatLng(spot).setContent(card);
    popup.on("remove", () => {
      // pins are drawn anew when the map moves; the one left may be another element by now
      const back = before.isConnected ? before : this.pinOf(feature.id);
      if (back && this.frame.contains(back)) back.focus({ preventScroll: true });
    });
    popup.openOn(this.map);
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", this.words.close);
    card.focus({ preventScroll: true });
    this.giveWay();
    return popup;
  }

  card(source, feature) {
    const card = element("div", "", { class: "told", tabindex: "-1", role: "group" });
    const coloured = source.columns.find((column) => column.name === source.values);
    if (source.label || coloured) card.append(element("h3", this.nameOf(source, feature)));
    const list = element("dl");
    const notes = [];
    for (const column of source.columns) {
      const value = feature.properties[column.name];
      if (column === coloured || column.name === source.label || value === "" || value === "unknown" || value === undefined || value === false) continue;
      if (value === null) continue;
      if (!column.label) {
        notes.push(element("p", this.write(column, value)));
        continue;
      }
      const line = element("div");
      line.append(element("dt", column.label), element("dd", this.write(column, value)));
      list.append(line);
    }
    card.append(...notes, ...(list.childElementCount ? [list] : []));
    if (source.page) card.append(element("a", this.words.open, { href: source.page + encodeURIComponent(feature.id), class: "btn quiet" }));
    if (source.picture) {
      const button = element("button", this.words.reach, { type: "button", class: "btn quiet" });
      button.addEventListener("click", () => this.reach(source, feature, card, button));
      card.append(button);
    }
    return card;
  }

  write(column, value) {
    if (value === null) return column.unit === "min" ? this.words.never : this.words.unknown;
    if (typeof value === "number" && column.unit === "p") return value < 0.0001 ? `<\u00a0${this.chance.format(0.0001)}` : this.chance.format(value);
    if (typeof value === "number" && column.unit === "m") return `${this.number.format(Math.round(value))}\u00a0m`;
    if (typeof value === "number") return `${this.number.format(value)}${column.unit ? `\u00a0${column.unit}` : ""}`;
    if (value === true) return "✓";
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return this.day.format(new Date(value));
    if (column.name === "opening_hours") return value.replace(/"[^"]*"|[A-Za-z]+/g, (part) => column.options[part] ?? part);
    const told = (name) => column.options?.[name.trim()] ?? name.trim();
    return column.many ? value.split(";").map(told).join(", ") : told(String(value));
  }

  async walk(source, feature, card, popup) {
    try {
      const got = await this.fetch(`${source.trace}${source.trace.includes("?") ? "&" : "?"}row=${encodeURIComponent(feature.id)}`);
      if (!card.isConnected) return;
      card.append(element("p", got.features.length ? this.words.walk : this.words.no_walk, { class: "soft" }));
      const base = { renderer: this.renderers.walks, pane: "walks", interactive: false };
      L.geoJSON(got.features, { ...base, style: { color: ink("--card"), weight: 8, opacity: 0.95 } }).addTo(this.extra);
      const walked = L.geoJSON(got.features, { ...base, style: { color: ink("--brand"), weight: 4, opacity: 1, className: "walked" } }).addTo(this.extra);
      this.intoView(walked.getBounds(), popup);
    } catch {
      if (card.isConnected) card.append(element("p", this.words.failed, { class: "soft" }));
    }
  }

  /** Move the map so that all of a walk can be seen, and what is told of it; it stays if it can. */
  intoView(box, popup) {
    if (!box.isValid() || this.map.getBounds().contains(box)) return;
    const room = this.map.getSize();
    const { offsetHeight: high, offsetWidth: wide } = popup.getElement();
    const side = Math.min(wide / 2 + 16, room.x * 0.3);
    this.map.fitBounds(box, {
      paddingTopLeft: [side, Math.min(high + 24, room.y * 0.6)], paddingBottomRight: [side, 40],
      maxZoom: this.map.getZoom(), animate: false,
    });
  }

  /** Let the legend give way where it would cover an open popup. */
  giveWay() {
    const legend = this.frame.querySelector(".legend")?.getBoundingClientRect();
    const told = this.frame.querySelector(".leaflet-popup")?.getBoundingClientRect();
    const apart = !legend || !told || told.left > legend.right || told.right < legend.left || told.bottom < legend.top || told.top > legend.bottom;
    this.frame.toggleAttribute("data-telling", !apart);
  }

  async reach(source, feature, card, button) {
    button.disabled = true;
    try {
      const got = await this.fetch(`${source.picture}${source.picture.includes("?") ? "&" : "?"}place=${encodeURIComponent(feature.id)}`);
      if (!card.isConnected) return;
      this.extra.clearLayers();
      got.features.forEach((outline, rank) => {
        const colour = ink("--brand");
        L.geoJSON(outline, { renderer: this.renderers.walks, pane: "walks", interactive: false, style: { color: colour, weight: 1.5, opacity: 0.7, fillColor: colour, fillOpacity: 0.1, className: `reach reach-${rank}` } }).addTo(this.extra);
      });
      button.replaceWith(element("p", got.features.length ? this.words.reach_note : this.words.no_walk, { class: "soft" }));
      if (got.features.length) this.map.fitBounds(L.geoJSON(got.features).getBounds(), { padding: [24, 24] });
    } catch {
      button.disabled = false;
      card.append(element("p", this.words.failed, { class: "soft" }));
    }
  }

  // ---- tools and lists ----

  /** Fold the legend on a small map, where it would cover much of the city; its title stays. */
  fold() {
    const legend = this.frame.querySelector(".legend");
    const button = legend?.querySelector(".fold");
    if (!button || this.map.getSize().x >= NARROW) return;
    const turn = () => {
      const open = button.getAttribute("aria-expanded") === "false";
      button.setAttribute("aria-expanded", open);
      legend.toggleAttribute("data-folded", !open);
    };
    button.hidden = false;
    button.addEventListener("click", turn);
    legend.querySelector("b").addEventListener("click", turn);
    turn();
  }

  /** Show everything; on a narrow map above the legend, if that costs no size. */
  overview() {
    const { offsetHeight = 0, offsetWidth = 0 } = this.frame.querySelector(".legend") ?? {};
    const narrow = offsetWidth > this.map.getSize().x * 0.3;
    const zoom = this.map.getBoundsZoom(this.config.bounds, false, L.point(48, 48));
    const low = narrow && this.map.getBoundsZoom(this.config.bounds, false, L.point(48, 72 + offsetHeight)) === zoom ? offsetHeight + 24 : 24;
    this.map.fitBounds(this.config.bounds, { paddingTopLeft: [24, 24], paddingBottomRight: [24, low], animate: false });
  }

  tools() {
    const tools = this.frame.querySelector(".tools");
    tools.hidden = false;
    tools.querySelector("[data-zoom=in]").addEventListener("click", () => this.map.zoomIn());
    tools.querySelector("[data-zoom=out]").addEventListener("click", () => this.map.zoomOut());
    tools.querySelector("[data-zoom=all]").addEventListener("click", () => this.overview());
    for (const box of this.frame.querySelectorAll("[data-source]")) {
      const source = this.config.sources.find((one) => one.name === box.dataset.source);
      box.checked = source.visible;
      box.addEventListener("change", () => (box.checked ? this.show(source) : this.hide(source)));
    }
  }

  /** Rows of a list beside the map show their feature on it. */
  lists() {
    for (const button of document.querySelectorAll("[data-show]")) {
      button.addEventListener("click", () => this.find(button.dataset.show, button.dataset.layer));
    }
  }

  async find(id, name) {
    const sources = this.config.sources.filter((one) => (name ? one.name === name : one.kind !== "squares"));
    for (const source of sources) {
      const features = this.dressed(source, this.features.get(source.name) ?? (await this.fetch(source.url)).features);
      const feature = features.find((one) => one.id === id);
      if (!feature) continue;
      const spot = this.spot(feature);
      this.frame.scrollIntoView({ block: "nearest" });
      this.map.setView(spot, Math.max(this.map.getZoom(), 15), { animate: false });
      this.tell(source, feature, spot);
      return;
    }
  }
}

/** Called once by the page with the empty map; what to draw stands in the page. */
function treffsicherMap(map) {
  const config = JSON.parse(document.getElementById("map-config").textContent);
  const city = new City(map, config);
  map.city = city;
  city.start();
}
