// The planner's desk: drag, click, undo; every change is sent at once and the map is coloured anew.
// All of it also works by forms without this script.
"use strict";

{
  const config = JSON.parse(document.getElementById("plan-config").textContent);
  const frame = document.querySelector(".map");
  const city = window[frame.querySelector(".canvas").id].city;
  const { words } = config;
  const said = document.querySelector("[data-said]");
  const trouble = document.querySelector("[data-trouble]");
  const source = (name) => city.config.sources.find((one) => one.name === name);
  const trails = L.layerGroup().addTo(city.map); // from where a place was to where it is
  let state = config; // what the server said last
  let row = new Map(); // id of a cell → its position in the arrays of `state.cells`
  let provisional = new Map(); // places put somewhere, but not saved yet
  let kept = null; // a change that could not be sent
  let word = config.word; // proves that a form comes from this session
  let queue = Promise.resolve(); // changes go one after the other: each builds on the one before
  let chosenView = ""; // what somebody wants the map to show, over what we would show

  document.documentElement.classList.add("scripts");
  for (const part of document.querySelectorAll(".scripted")) part.hidden = false;

  // ---- the map ----

  const byId = new WeakMap(); // features → id → feature
  const found = (features) => {
    if (!byId.has(features)) byId.set(features, new Map(features.map((one) => [one.id, one])));
    return byId.get(features);
  };
  const changed = (feature, at) => {
    const now = Object.fromEntries(["before", "minutes", "change", "people_uncovered"].map((name) => [name, state.cells[name][at]]));
    return { ...feature, properties: { ...feature.properties, ...now } };
  };
  const merged = (features) => features.map((feature) => (row.has(feature.id) ? changed(feature, row.get(feature.id)) : feature));
  const differing = (features) => {
    const here = found(features);
    return state.cells.row.map((id, at) => [here.get(id), at]).filter(([feature, at]) => feature && state.cells.change[at]).map(([feature, at]) => changed(feature, at));
  };
  const touched = () => new Map([...state.places.map((one) => [one.id, one]), ...provisional]);
  const placed = (features) => {
    const now = touched();
    return [...features.filter((one) => !now.has(one.id)), ...now.values()];
  };
  const others = (features) => {
    const now = touched();
    const counting = found(city.features.get("places") ?? []);
    return features.filter((one) => !now.has(one.id) && !counting.has(one.id));
  };

  city.dressing.set("after", merged).set("squares", merged).set("change", differing).set("places", placed).set("others", others);

  city.onPin = (marker, from, feature) => {
    if (!["places", "others"].includes(from.name)) return;
    const now = feature.properties.state ?? "";
    const name = feature.properties.name || city.words.nameless;
    const told = now ? `${name} (${feature.properties.state_told})` : name;
    if (now) marker.options.icon.options.className += ` ${now}`;
    marker.options.title = told;
    marker.on("add", () => marker.getElement().setAttribute("aria-label", told));
    if (!config.editable || now === "closed") return;
    marker.options.draggable = true;
    marker.options.autoPan = true;
    marker.on("dragstart", () => city.map.closePopup());
    marker.on("dragend", () => moveTo(feature, marker.getLatLng()));
  };

  city.onCard = (card, from, feature) => {
    if (!config.editable || !["places", "others"].includes(from.name)) return;
    const act = (label, act_) => {
      const button = element("button", label, { type: "button", class: "btn quiet" });
      button.addEventListener("click", act_);
      card.append(button);
    };
    const close = (action) => { city.map.closePopup(); send(config.urls.change, { action, place: feature.id }); };
    if (feature.properties.state === "closed") { act(words.reopen, () => close("reopen")); return; }
    act(words.edit, () => { city.map.closePopup(); open(feature.id, { focus: true }); });
    act(words.close, () => close("close"));
  };

  // while a new place is being put down, a click on a cell means the spot, not the cell
  const tellOf = city.tell.bind(city);
  city.tell = (...told) => { if (!frame.hasAttribute("data-tapping")) tellOf(...told); };

  // ---- a large city has tens of thousands of cells: only those that change are drawn anew ----

  const drawn = new WeakMap(); // what is drawn → id of a cell → its shape
  let side = null; // people → side of their square [m]
  const squaresOf = city.squares.bind(city);
  city.squares = (from, features) => {
    const group = squaresOf(from, features);
    const people = (feature) => feature.properties[from.values];
    const gaps = features.filter((feature) => people(feature) >= 0.5).sort((a, b) => people(b) - people(a));
    const shapes = group.getLayers();
    drawn.set(group, new Map(gaps.map((gap, at) => [gap.id, shapes[at]])));
    side = gaps.length ? city.sideOf(gaps, people) : null;
    return group;
  };
  const shapesOf = (group) => {
    if (!drawn.has(group)) drawn.set(group, new Map(group.getLayers().map((shape) => [shape.feature.id, shape])));
    return drawn.get(group);
  };
  const square = (feature, style) => [feature.id, L.rectangle(city.spot(feature).toBounds(Math.max(side(feature.properties.people_uncovered), 8)), style)];
  const patches = {
    after: (features) => city.cells(source("after"), features).getLayers().map((shape) => [shape.feature.id, shape]),
    squares: (features, style) => features.filter((feature) => feature.properties.people_uncovered >= 0.5).map((feature) => square(feature, style)),
  };

  function patch(name, rows) {
    const group = city.shown.get(name);
    const features = city.features.get(name);
    if (!group || !features) return;
    const shapes = shapesOf(group);
    const style = shapes.values().next().value?.options;
    if (!style || (name === "squares" && !side)) { city.draw(source(name)); return; }
    const here = found(features);
    for (const id of rows) {
      if (shapes.has(id)) group.removeLayer(shapes.get(id));
      shapes.delete(id);
    }
    const fresh = merged([...rows].map((id) => here.get(id)).filter(Boolean));
    for (const [id, shape] of patches[name](fresh, style)) {
      shapes.set(id, shape);
      group.addLayer(shape);
    }
  }

  function drawAll() {
    const rows = new Set([...row.keys(), ...state.cells.row]);
    row = new Map(state.cells.row.map((id, at) => [id, at]));
    for (const name of ["after", "squares"]) patch(name, rows);
    for (const name of ["after", "change"]) if (config.urls.trace) source(name).trace = `${config.urls.trace}?on=${state.on}`;
    for (const name of ["change", "places", "others"]) {
      if (city.shown.has(name) && city.features.has(name)) city.draw(source(name));
    }
    trails.clearLayers();
    const style = { interactive: false, pane: "walks", renderer: city.renderers.walks, color: ink("--ink"), weight: 2, dashArray: "2 6" };
    for (const { properties, geometry } of state.places) {
      if (!properties.from) continue;
      const [was, is] = [properties.from, geometry.coordinates].map(([x, y]) => [y, x]);
      trails.addLayer(L.polyline([was, is], style)).addLayer(L.circleMarker(was, { ...style, radius: 6, dashArray: "", fill: false }));
    }
  }

  // ---- the two views of the map, and their legends ----

  const legend = frame.querySelector(".legend");
  const views = element("div", "", { class: "views", role: "group", "aria-label": config.views_told });
  const buttons = Object.entries(config.legends).map(([name, { title }]) => {
    const button = element("button", title, { type: "button", class: "btn quiet", "aria-pressed": "false" });
    button.addEventListener("click", () => { chosenView = name; view(name); });
    views.append(button);
    return [name, button];
  });

  function view(name) {
    for (const [other, button] of buttons) button.setAttribute("aria-pressed", String(other === name));
    for (const other of ["after", "change"]) {
      const one = source(other);
      const box = frame.querySelector(`[data-source=${other}]`);
      if (box) box.checked = other === name;
      if (other === name && !city.shown.has(other)) city.show(one);
      if (other !== name) city.hide(one);
    }
    const list = element("ul");
    for (const [colour, label] of config.legends[name].classes) {
      const line = element("li", label);
      line.prepend(element("span", "", { class: `swatch ${colour}`, "aria-hidden": "true" }));
      list.append(line);
    }
    const gap = legend.querySelector(".swatch.gap")?.parentElement;
    if (gap) list.append(gap);
    legend.querySelector("ul").replaceWith(list);
    const squares = source("squares");
    if (city.shown.has("squares") && city.features.has("squares")) city.draw(squares);
  }

  if (legend && config.legends) legend.querySelector("b").replaceWith(views);

  // ---- sending ----

  /** Put a place somewhere: it stays there on the map while the server counts. */
  function moveTo(feature, spot) {
    const began = performance.now();
    const { lng, lat } = spot.wrap();
    provisional.set(feature.id, { ...feature, geometry: { type: "Point", coordinates: [lng, lat] }, properties: { ...feature.properties, state: feature.properties.state || "moved", state_told: words.saving } });
    send(config.urls.change, { action: "move", place: feature.id, spot: "map", longitude: lng.toFixed(7), latitude: lat.toFixed(7) }, began);
  }

  function send(address, fields, began = performance.now()) {
    queue = queue.then(() => post(address, fields, began));
    return queue;
  }

  async function post(address, fields, began, again = true) {
    if (kept && kept.fields !== fields) { tell([words.unsaved]); provisional.clear(); drawAll(); return false; }
    const body = new URLSearchParams(fields);
    body.set("on", state.on);
    body.set("form_token", word);
    frame.toggleAttribute("data-saving", true);
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok) { done(await answer.json(), answer, began); return true; }
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.status === 403 && again && await refresh({ only: "word" })) return await post(address, fields, began, false);
      if (answer.status === 401) keep(address, fields, [words.signed_out], [link(words.sign_in, config.urls.login)]);
      else if (told.meanwhile) keep(address, fields, told.faults, [button(words.look, () => refresh())]);
      else if (answer.status >= 500) keep(address, fields, [words.failed]);
      else { drop(); tell(told.faults ?? [words.failed]); }
    } catch {
      keep(address, fields, [words.failed]);
    } finally {
      frame.toggleAttribute("data-saving", false);
    }
    return false;
  }

  function done(got, answer, began) {
    kept = null;
    trouble.hidden = true;
    trouble.replaceChildren();
    provisional = new Map();
    show(got, answer);
    // painted: after the frame in which the map and the page were drawn
    requestAnimationFrame(() => setTimeout(() => performance.measure("plan-change", { start: began, end: performance.now() })));
  }

  /** Show what the server says the scenario is now. */
  function show(got, answer) {
    word = answer.headers.get("X-Form-Word") ?? word;
    if (got.query !== state.query) { location.reload(); return; }
    state = got;
    for (const [name, markup] of Object.entries(got.pieces)) replace(name, markup);
    for (const field of document.querySelectorAll("input[data-on]")) field.value = got.on;
    drawAll();
    const wanted = chosenView || (got.some ? "change" : "after");
    if (config.legends && !city.shown.has(wanted)) view(wanted);
    surely();
    said.textContent = `${document.getElementById("headline")?.textContent ?? ""} ${got.saved}`;
    const chosen = document.querySelector("[data-place] [name=place]")?.value;
    if (chosen) open(chosen);
  }

  /** How sure the outcome is takes longer than a change may, so it is asked for when that stands. */
  async function surely() {
    const place = document.querySelector("[data-sure]");
    if (!place || (place.firstElementChild && !place.querySelector("a"))) return;
    try {
      const answer = await fetch(place.dataset.sure, { headers: { Accept: "text/html" } });
      if (answer.ok && place.isConnected) place.innerHTML = await answer.text(); // eslint-disable-line no-unsanitized/property -- a template of our own server
    } catch { /* the link that was there does the same */ }
  }

  /** Put a piece of the page in its place; the focus stays where it was, as far as that still exists. */
  function replace(name, markup) {
    const piece = document.querySelector(`[data-piece=${name}]`);
    if (!piece) return;
    const held = piece.contains(document.activeElement) ? document.activeElement : null;
    const key = held?.getAttribute("aria-keyshortcuts");
    piece.innerHTML = markup; // eslint-disable-line no-unsanitized/property -- a template of our own server
    if (!held) return;
    const same = key && piece.querySelector(`[aria-keyshortcuts="${key}"]:not(:disabled)`);
    (same || piece.querySelector("button:not(:disabled)") || document.getElementById("content")).focus({ preventScroll: true });
  }

  async function refresh({ only = "" } = {}) {
    try {
      const answer = await fetch(config.urls.state, { headers: { Accept: "application/json" } });
      if (!answer.ok) return false;
      const got = await answer.json();
      if (only === "word") word = answer.headers.get("X-Form-Word") ?? word;
      else show(got, answer);
      return true;
    } catch {
      return false;
    }
  }

  // ---- when something stands in the way ----

  const button = (label, act) => {
    const made = element("button", label, { type: "button", class: "btn quiet" });
    made.addEventListener("click", act);
    return made;
  };
  const link = (label, address) => element("a", label, { href: address, target: "_blank", rel: "noopener", class: "btn quiet" });

  function tell(faults, ...acts) {
    trouble.replaceChildren(...faults.map((fault) => element("p", fault)));
    if (acts.length) {
      const line = element("div", "", { class: "tight" });
      line.append(...acts);
      trouble.append(line);
    }
    trouble.hidden = false;
    trouble.scrollIntoView({ block: "nearest" });
  }

  /** Keep a change that could not be saved, and offer to send it once more. */
  function keep(address, fields, faults, acts = []) {
    kept = { address, fields };
    const again = button(words.again, async () => {
      if (await refresh({ only: "word" })) send(address, fields);
      else tell(faults, again, ...acts, discard);
    });
    const discard = button(words.discard, () => { drop(); trouble.hidden = true; });
    tell(faults, again, ...acts, discard);
  }

  function drop() {
    kept = null;
    provisional = new Map();
    drawAll();
  }

  addEventListener("beforeunload", (event) => { if (kept) event.preventDefault(); });

  // ---- forms, keys, clicks on the map ----

  async function open(id, { focus = false } = {}) {
    const box = document.querySelector("[data-place]");
    try {
      const answer = await fetch(`${config.urls.place}?place=${encodeURIComponent(id)}`, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const active = box.contains(document.activeElement) ? document.activeElement.id || document.activeElement.textContent : null;
      box.innerHTML = await answer.text(); // eslint-disable-line no-unsanitized/property -- a template of our own server
      for (const part of box.querySelectorAll(".scripted")) part.hidden = false;
      for (const field of box.querySelectorAll("input[data-on]")) field.value = state.on;
      const place = box.querySelector("#place");
      if (focus) { place?.focus({ preventScroll: true }); place?.scrollIntoView({ block: "nearest" }); }
      else if (active) ([...box.querySelectorAll("button, input, select")].find((one) => (one.id || one.textContent) === active) ?? place)?.focus({ preventScroll: true });
    } catch { /* the forms stay as they were; the link leads there without this script */ }
  }

  if (config.editable) {
    document.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-change]");
      if (!form) return;
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(form));
      send(form.getAttribute("action"), fields); // a field of the form is called "action", too
    });

    document.addEventListener("click", (event) => {
      const wanted = event.target.closest("[data-place-id]");
      const close = event.target.closest("[data-close]");
      if (wanted) { event.preventDefault(); open(wanted.dataset.placeId, { focus: true }); }
      if (close) { event.preventDefault(); document.querySelector("[data-place]").replaceChildren(); document.querySelector("#find summary").focus(); }
    });

    addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select")) return;
      const key = event.key.toLowerCase();
      const forward = key === "y" || (key === "z" && event.shiftKey);
      if (!forward && key !== "z") return;
      event.preventDefault();
      const way = forward ? "redo" : "undo";
      // asked when its turn comes: a change on its way may be just what is to be undone
      const possible = () => document.querySelector(`[data-piece=steps] form[action$="/${way}"] button:not(:disabled)`);
      queue = queue.then(() => (possible() ? post(config.urls[way], {}, performance.now()) : false));
    });

    const tap = document.querySelector("[data-tap]");
    const tapping = (on) => {
      frame.toggleAttribute("data-tapping", on);
      tap.setAttribute("aria-pressed", String(on));
      if (!on) return;
      said.textContent = words.tap;
      city.map.closePopup();
      frame.scrollIntoView({ block: "nearest" });
      city.map.getContainer().focus({ preventScroll: true });
    };
    const add = async (spot) => {
      const began = performance.now();
      tapping(false);
      const { lng, lat } = spot.wrap();
      const number = state.places.filter((one) => one.properties.state === "new").length + 1;
      const fields = { action: "add", spot: "map", kind: document.getElementById("map-kind").value, name: `${words.new_name} ${number}`, longitude: lng.toFixed(7), latitude: lat.toFixed(7) };
      if (await send(config.urls.change, fields, began)) open(state.places.filter((one) => one.properties.state === "new").at(-1)?.id ?? "");
    };
    tap.addEventListener("click", () => tapping(!frame.hasAttribute("data-tapping")));
    city.map.on("click", (event) => { if (frame.hasAttribute("data-tapping")) add(event.latlng); });
    frame.addEventListener("keydown", (event) => {
      if (!frame.hasAttribute("data-tapping")) return;
      if (event.key === "Escape") { tapping(false); tap.focus(); }
      if (event.key === "Enter" && event.target === city.map.getContainer()) { event.preventDefault(); add(city.map.getCenter()); }
    });
    document.querySelector("[data-by-map]").addEventListener("submit", (event) => event.preventDefault());
  }

  for (const one of document.querySelectorAll("[data-copy]")) {
    one.addEventListener("click", async () => {
      const field = document.querySelector(one.dataset.copy);
      field.select();
      await navigator.clipboard?.writeText(field.value);
      one.textContent = one.dataset.done;
    });
  }
  for (const one of document.querySelectorAll("[data-print]")) one.addEventListener("click", () => print());

  drawAll();
  if (config.legends) view(state.some ? "change" : "after");
  surely();
}
