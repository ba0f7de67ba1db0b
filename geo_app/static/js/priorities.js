// Ranks anew at once when a weight moves, by the same formula as layers/priorities.py; sentences
// and shaken weights follow from the server. Every word goes through textContent.
"use strict";

const HUNDRED = 100, GUARD = 1e-9; // as in layers/priorities.py
const AGAIN = 5000; // pause before asking again for what is still being computed [ms]
const WAIT = 350; // pause after the last movement before the sentences are fetched [ms]

/** Weighted mean of the parts; null where nothing that counts is known. */
function score(parts, weights, unknown) {
  let total = 0, norm = 0;
  parts.forEach((part, index) => {
    const value = part ?? { low: 0, high: 1 }[unknown] ?? null;
    if (value === null) return;
    total += weights[index] * value;
    norm += weights[index];
  });
  return norm > 0 ? total / norm : null;
}

/** Whole points of a hundred; -1 is unknown. */
const points = (scored) => (scored === null ? -1 : Math.floor(HUNDRED * scored + 0.5 + GUARD));

/** Order of the tasks with points and ranks; equal points share their rank. */
function order(rows, weights, unknown) {
  const whole = rows.map((row) => points(score(row.parts, weights, unknown)));
  const sorted = rows.map((_, index) => index).sort((a, b) => whole[b] - whole[a] || a - b);
  const ranks = new Array(rows.length);
  for (let begin = 0; begin < sorted.length;) {
    let end = begin;
    while (end < sorted.length && whole[sorted[end]] === whole[sorted[begin]]) end += 1;
    for (const index of sorted.slice(begin, end)) ranks[index] = whole[index] < 0 ? [0, 0] : [begin + 1, end];
    begin = end;
  }
  return { sorted, whole, ranks };
}

class Priorities {
  constructor(config) {
    this.config = config;
    this.form = document.getElementById("weights");
    this.list = document.querySelector("[data-ranking]");
    this.mould = document.getElementById("mould").content.querySelector("li");
    this.shown = config.shown;
    this.cards = new Map([...this.list.children].map((card) => [card.dataset.task, card]));
    this.said = new Map(); // id -> sentences for the weights of the moment
    for (const [id, card] of this.cards) this.said.set(id, { why: this.at(card, "why").textContent, stable: this.at(card, "stable").textContent });
    this.byId = new Map(config.rows.map((row, index) => [row.id, index]));
  }

  /** Take over tasks and parts that have changed since the page was opened. */
  renew(rows, version) {
    Object.assign(this.config, { rows, version });
    this.byId = new Map(rows.map((row, index) => [row.id, index]));
    this.cards.clear();
    this.order = order(rows, this.weights(), this.unknown());
    this.dress();
    const source = this.city?.config.sources.find((one) => one.name === "cells");
    if (!source) return;
    this.city.fetched.delete(source.url);
    this.city.show(source);
  }

  at(card, name) { return card.querySelector(`[data-${name}]`); }

  start() {
    for (const part of document.querySelectorAll(".scripted")) part.hidden = false;
    this.form.querySelector("[data-plain]").hidden = true;
    this.form.addEventListener("input", () => this.moved());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.moved(); });
    for (const [link, preset] of this.presets()) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.set(preset);
      });
    }
    document.querySelector("[data-more]")?.addEventListener("click", () => this.more());
    for (const one of document.querySelectorAll("[data-print]")) one.addEventListener("click", () => print());
    document.querySelector("[data-address]")?.addEventListener("click", (event) => this.copy(event.currentTarget));
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-show]");
      // rows that were there at the beginning are known to the map, those made later are not
      if (button && button.closest("[data-made]")) this.city?.find(button.dataset.show, "cells");
    });
    this.order = order(this.config.rows, this.weights(), this.unknown());
    this.dress();
    this.follow(this.config.computing);
  }

  /** Ask again as long as something is being computed that the order will depend on. */
  follow(computing) {
    clearTimeout(this.later);
    if (computing) this.later = setTimeout(() => this.ask(), AGAIN);
  }

  /** Links that set all weights at once, each with its weights. */
  presets() {
    const own = [...document.querySelectorAll("[data-own]")].map((link) => [link, this.config.own]);
    return [...document.querySelectorAll("[data-preset]")].map((link) => [link, this.config.presets[link.dataset.preset]]).concat(own);
  }

  weights() { return this.config.parts.map((name) => Number(this.form.elements[name].value.replace(",", "."))); }

  unknown() { return this.form.elements.unknown.value; }

  set(weights) {
    for (const name of this.config.parts) {
      const field = this.form.elements[name];
      field.value = weights[name] ?? 0;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  /** What the address says: every weight, what unknown counts as, which tasks. */
  query() {
    const told = new URLSearchParams(this.config.wanted);
    for (const name of this.config.parts) told.set(name, this.form.elements[name].value);
    told.set("unknown", this.unknown());
    return told;
  }

  moved() {
    const weights = this.weights();
    const trouble = this.form.querySelector("[data-trouble]");
    const wrong = !weights.some((weight) => weight > 0) || weights.some((weight) => !(weight >= 0)) || !this.form.checkValidity();
    trouble.hidden = !wrong;
    trouble.textContent = wrong ? this.config.words.nothing : "";
    if (wrong) return;
    this.order = order(this.config.rows, weights, this.unknown());
    this.said.clear();
    this.percents(weights);
    this.draw(weights);
    this.dress();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  percents(weights) {
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    this.config.parts.forEach((name, index) => {
      this.form.querySelector(`[data-percent="${name}"]`).textContent = `${Math.round((100 * weights[index]) / all)}\u00a0%`;
      for (const copy of document.querySelectorAll(`[data-copy-of="${name}"]`)) copy.value = this.form.elements[name].value;
    });
    for (const copy of document.querySelectorAll("[data-copy-of=unknown]")) copy.value = this.unknown();
    const same = (preset) => {
      const whole = this.config.parts.reduce((sum, name) => sum + (preset[name] ?? 0), 0);
      return this.config.parts.every((name, index) => Math.abs(weights[index] / all - (preset[name] ?? 0) / whole) < 1e-9);
    };
    for (const [link, preset] of this.presets()) {
      if (same(preset)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** Put the first tasks into their order; what is not known yet is said to be worked out. */
  draw(weights) {
    const first = this.order.sorted.slice(0, this.shown).map((index) => this.card(index, weights));
    const held = document.activeElement;
    if (first.some((card, place) => this.list.children[place] !== card) || this.list.children.length !== first.length) this.list.replaceChildren(...first);
    if (held !== document.activeElement && held.isConnected) held.focus({ preventScroll: true });
    const left = document.querySelector("[data-left]");
    if (left) left.parentElement.hidden = this.shown >= this.config.rows.length;
  }

  card(index, weights) {
    const row = this.config.rows[index];
    const card = this.cards.get(row.id) ?? this.make(row);
    const [first, last] = this.order.ranks[index];
    this.at(card, "rank").textContent = !first ? "\u2013" : first === last ? `${first}` : `${first}\u2013${last}`;
    this.at(card, "points").textContent = this.order.whole[index] < 0 ? "\u2013" : `${this.order.whole[index]}`;
    this.config.parts.forEach((name, part) => {
      card.querySelector(`[data-part="${name}"]`).classList.toggle("no-weight", !weights[part] && row.parts[part] !== null);
    });
    const said = this.said.get(row.id);
    this.at(card, "why").textContent = said?.why ?? this.config.words.waits;
    this.at(card, "stable").textContent = said?.stable ?? "";
    return card;
  }

  /** Make a row that was not on the page yet. */
  make(row) {
    const card = this.mould.cloneNode(true);
    card.dataset.task = row.id;
    card.dataset.made = "";
    const link = this.at(card, "link");
    link.textContent = row.name;
    link.href = this.config.task + encodeURIComponent(row.id);
    for (const name of ["where", "office", "name"]) this.at(card, name).textContent = row[name];
    this.config.parts.forEach((name, part) => {
      const box = card.querySelector(`[data-part="${name}"]`);
      const value = row.parts[part];
      box.classList.toggle("not-known", value === null);
      box.querySelector(".filled").setAttribute("width", `${100 * (value ?? 0)}`);
      this.at(box, "value").textContent = value === null ? this.config.words.unknown : `${Math.floor(100 * value + 0.5)}`;
    });
    const button = this.at(card, "show");
    button.dataset.show = row.id;
    button.hidden = false;
    this.cards.set(row.id, card);
    return card;
  }

  more() {
    const before = Math.min(this.shown, this.config.rows.length);
    this.shown += this.config.shown;
    this.draw(this.weights());
    this.ask();
    this.at(this.list.children[before], "link").focus();
  }

  /** Fetch the sentences for what is shown; a later movement makes an earlier answer worthless. */
  async ask() {
    const asked = this.query();
    history.replaceState(null, "", `?${asked}`);
    for (const link of document.querySelectorAll(".downloads a")) link.href = link.href.replace(/\?.*$/, `?${asked}`);
    const wanted = new URLSearchParams(asked);
    wanted.set("first", this.shown);
    wanted.set("version", this.config.version);
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const got = await fetch(`${this.config.state}?${wanted}`, { headers: { Accept: "application/json" }, signal: this.asking.signal });
      if (!got.ok) throw new Error(`${got.status}`);
      const told = await got.json();
      if (`${this.query()}` !== `${asked}`) return;
      if (told.all) this.renew(told.all, told.version);
      if (told.all) document.querySelector("[data-never]")?.remove();
      this.follow(told.computing);
      this.said = new Map(Object.entries(told.rows));
      document.querySelector("[data-headline]").textContent = told.headline;
      this.draw(this.weights());
      const [first] = this.order.sorted;
      if (first !== undefined) document.querySelector("[data-said]").textContent = told.rows[this.config.rows[first].id]?.why ?? "";
    } catch (error) {
      if (error.name === "AbortError") return;
      const trouble = this.form.querySelector("[data-trouble]");
      trouble.textContent = this.config.words.failed;
      trouble.hidden = false;
    }
  }

  /** Let the map draw the same order. */
  dress() {
    this.city ??= window[document.querySelector(".map .canvas")?.id]?.city;
    if (!this.city) return;
    const { top } = this.config;
    const group = (rank) => (rank > 0 && rank <= top ? "first" : rank > 0 && rank <= 3 * top ? "next" : "later");
    const source = this.city.config.sources.find((one) => one.name === "cells");
    this.city.dressing.set("cells", (features) => features?.map((feature) => {
      const index = this.byId.get(feature.id);
      if (index === undefined) return feature;
      const [first, last] = this.order.ranks[index];
      const rank = !first ? "\u2013" : first === last ? `${first}` : `${first}\u2013${last}`;
      const whole = this.order.whole[index] < 0 ? "\u2013" : `${this.order.whole[index]}`;
      return { ...feature, properties: { ...feature.properties, rank, points: whole, group: group(first) } };
    }));
    if (this.city.shown.has("cells")) this.city.draw(source);
  }

  async copy(button) {
    history.replaceState(null, "", `?${this.query()}`);
    await navigator.clipboard.writeText(location.href);
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 2000);
  }
}

new Priorities(JSON.parse(document.getElementById("priorities-config").textContent)).start();
