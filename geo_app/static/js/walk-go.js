// The page of a night walk: one stop per screen, every touch is kept at once, sent when it can be.
"use strict";

{
  const config = JSON.parse(document.getElementById("walk").textContent);
  const { words, items } = config;
  const screen = document.querySelector("[data-screen]");
  const bar = document.querySelector("[data-progress]");
  const told = document.querySelector("[data-told]");
  const net = document.querySelector("[data-net]");
  const notices = document.querySelector("[data-notices]");
  const BATCH = 20; // so many versions are sent at once
  const ROOM = 40_000; // bytes of them: the server reads no longer requests than 64 kB
  const AGAIN = 20_000; // ms until what could not be sent is tried again
  let store = null;
  let plan = config.plan;
  let sending = null; // the sending under way
  let trouble = ""; // what the last sending met

  // ---- words and elements ----

  const count = new Intl.NumberFormat(config.language);
  /** Fill a sentence: {name} takes a value, {name:one|many} the word that goes with it. */
  const fill = (sentence, values = {}) => sentence.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, forms) => {
    const value = values[name];
    if (forms) return forms.split("|")[value === 1 ? 0 : 1];
    return typeof value === "number" ? count.format(value) : value;
  });
  const make = (tag, text = "", more = {}, ...inner) => {
    const one = document.createElement(tag);
    if (text) one.textContent = text;
    for (const [name, value] of Object.entries(more)) one.setAttribute(name, value);
    one.append(...inner);
    return one;
  };
  const button = (text, act, look = "big") => {
    const one = make("button", text, { type: "button", class: look });
    one.addEventListener("click", act);
    return one;
  };
  const say = (sentence) => { told.textContent = sentence; };
  const template = (name) => document.getElementById(name).content.cloneNode(true);
  const ratedOf = (stop) => Object.keys(store.now(stop.id).items).length;

  // ---- where one is ----

  const place = () => {
    const [, what, at] = location.hash.match(/^#(stop|end)-?(\d*)$/) ?? [];
    if (what === "stop" && plan.stops[at - 1]) return { what, at: Number(at) };
    return { what: what === "end" ? "end" : "start" };
  };
  const go = (hash) => {
    if (location.hash === hash) show();
    else location.hash = hash; // the change of address shows the screen
  };

  function show({ focus = true } = {}) {
    const here = place();
    const made = { start: () => start(), stop: () => stop(here.at), end: () => end() }[here.what]();
    screen.replaceChildren(...made);
    progress(here);
    if (!focus) return;
    screen.querySelector("h1").focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  function progress(here) {
    bar.replaceChildren(...plan.stops.map((one, at) => make("i", "", {
      class: [ratedOf(one) ? "past" : "", here.at === at + 1 ? "here" : ""].join(" ").trim(),
    })));
    const done = plan.stops.filter((one) => ratedOf(one)).length;
    bar.setAttribute("aria-label", fill(words.rated, { rated: done, count: plan.stops.length }));
  }

  const title = (text) => make("h1", text, { tabindex: "-1" });

  // ---- the screens ----

  function start() {
    const begun = plan.stops.findIndex((one) => !ratedOf(one)) + 1;
    const some = plan.stops.some((one) => ratedOf(one));
    const page = template("start-screen");
    page.querySelector("[data-word]").textContent = store.walk.word;
    page.querySelector("[data-name]").textContent = plan.name;
    const on = page.querySelector("[data-continue]");
    on.addEventListener("submit", (event) => { event.preventDefault(); takeWord(on); });
    page.querySelector("[data-begin]").replaceWith(button(some ? words.go_on : words.begin, () => {
      navigator.storage?.persist?.();
      go(begun ? `#stop-${begun}` : "#end");
    }));
    return [page];
  }

  function stop(at) {
    const one = plan.stops[at - 1];
    const now = store.now(one.id);
    const made = [
      make("p", fill(words.stop, { number: at, count: plan.stops.length }), { class: "eyebrow" }),
      title(one.name),
      make("p", one.way, { class: "way" }),
    ];
    const heads = store.heads(one.id);
    if (heads.length > 1) made.push(conflict(one, heads)); // a person decides before going on
    else {
      for (const item of items) made.push(field(one, item, now.items[item.name]));
      made.push(note(one, now));
    }
    const feet = make("div", "", { class: "onward" });
    feet.append(button(at < plan.stops.length ? words.next : words.done, () => { send(); go(at < plan.stops.length ? `#stop-${at + 1}` : "#end"); }));
    made.push(feet);
    return made;
  }

  function field(one, item, value) {
    const box = make("fieldset", "", { class: "item", "data-item": item.name });
    box.append(make("legend", item.label), make("p", item.about, { class: "about" }));
    const steps = make("div", "", { class: "steps" });
    item.steps.forEach((words_, step) => {
      const choice = make("button", "", { type: "button", "aria-pressed": String(value === step), "data-step": String(step) }, make("b", String(step)), make("span", words_));
      choice.addEventListener("click", () => rate(one, item.name, step));
      steps.append(choice);
    });
    box.append(steps);
    return box;
  }

  async function rate(one, name, step) {
    if (store.heads(one.id).length > 1) { show(); return; }
    const now = store.now(one.id);
    const rated = { ...now.items };
    if (rated[name] === step) delete rated[name]; // a second touch leaves it open again
    else rated[name] = step;
    if (!(await safely(store.rate(one.id, rated, now.note)))) return;
    for (const choice of screen.querySelectorAll(`[data-item=${name}] [data-step]`)) {
      choice.setAttribute("aria-pressed", String(Number(choice.dataset.step) === rated[name]));
    }
    progress(place());
    state();
  }

  function note(one, now) {
    const box = template("note-field");
    const text = box.querySelector("textarea");
    text.value = now.note;
    let pause = 0;
    let first = true; // the first word of a change is what undo goes back before
    const keep = async () => {
      clearTimeout(pause);
      const last = store.now(one.id);
      if (text.value.trim() === last.note || store.heads(one.id).length > 1) return;
      await safely(store.rate(one.id, last.items, text.value.trim(), { undoable: first }));
      first = false;
      progress(place());
      state();
    };
    // whoever puts the phone away in the middle of a sentence loses nothing either
    text.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(keep, 300); });
    text.addEventListener("change", keep);
    const doubt = box.querySelector("[data-personal]");
    if (now.personal?.length && now.note) {
      doubt.textContent = fill(words.personal, { what: now.personal.join("; ") });
      doubt.hidden = false;
    }
    return box.firstElementChild;
  }

  function conflict(one, heads) {
    const box = make("section", "", { class: "conflict", "aria-label": words.conflict });
    box.append(make("h2", words.conflict), make("p", words.conflict_about));
    const mine = heads.filter((head) => !head.foreign).at(-1) ?? heads[0];
    const other = heads.find((head) => head !== mine);
    const differ = items.filter((item) => mine.items[item.name] !== other.items[item.name]);
    const table = make("table", "", {}, make("thead", "", {}, make("tr", "", {}, make("td"), make("th", words.this_device, { scope: "col" }), make("th", words.other_device, { scope: "col" }))));
    const body = make("tbody");
    for (const item of differ) body.append(make("tr", "", {}, make("th", item.label, { scope: "row" }), make("td", String(mine.items[item.name] ?? "–")), make("td", String(other.items[item.name] ?? "–"))));
    table.append(body);
    const take = (head) => async () => {
      await safely(store.rate(one.id, head.items, head.note));
      show();
      send();
    };
    box.append(table, button(words.keep_this, take(mine)), button(words.keep_other, take(other)));
    return box;
  }

  function end() {
    const page = template("end-screen");
    const list = page.querySelector("[data-list]");
    plan.stops.forEach((one, at) => {
      const rated = ratedOf(one);
      const words_ = rated ? fill(words.rated, { rated, count: items.length }) : words.unrated;
      const entry = make("a", "", { href: `#stop-${at + 1}`, class: "big quiet" }, make("b", `${at + 1}. ${one.name}`), make("span", store.heads(one.id).length > 1 ? words.conflict : words_));
      list.append(make("li", "", {}, entry));
    });
    page.querySelector("[data-back]").textContent = plan.back;
    page.querySelector("[data-send]").addEventListener("click", () => send());
    page.querySelector("[data-save]").addEventListener("click", save);
    return [page];
  }

  /** Everything of this person as a file, for when nothing can be sent. */
  function save() {
    const rated = new Set([...store.entries.values()].filter((one) => one.word === store.walk.word).map((one) => one.stop));
    const entries = [...rated].flatMap((one) => store.heads(one)).filter((one) => !one.foreign).map(wire);
    const content = new Blob([JSON.stringify({ word: store.walk.word, version: plan.version, entries })], { type: "application/json" });
    const link = make("a", "", { href: URL.createObjectURL(content), download: `walk-${store.walk.word}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** Go on as somebody who began on another device. */
  async function takeWord(form) {
    const typed = form.elements.word.value.trim().toUpperCase();
    if (!/^[A-HJ-NP-Z2-9]{8}$/.test(typed)) { say(words.word_wrong); return; }
    store.walk.word = typed;
    store.walk.undo = [];
    await safely(store.keep());
    await send();
    show();
  }

  // ---- keeping and sending ----

  /** Wait until something is on the device; say so where it cannot be. */
  async function safely(writing) {
    try {
      await writing;
      return true;
    } catch {
      say(words.not_kept);
      return false;
    }
  }

  const wire = ({ id, stop: at, items: rated, note: text, bases, at: when }) => ({ id, stop: at, items: rated, note: text, bases, at: when });

  /** Send what waits, and learn how the walk stands; one sending at a time. */
  function send() {
    sending ??= deliver().finally(() => { sending = null; state(); });
    return sending;
  }

  /** As many versions as one request takes, at least one. */
  function portion(waiting) {
    let room = ROOM;
    const fitting = waiting.slice(0, BATCH).findIndex((one) => { room -= JSON.stringify(wire(one)).length; return room < 0; });
    return waiting.slice(0, fitting < 0 ? BATCH : Math.max(1, fitting));
  }

  async function deliver() {
    do {
      const batch = portion(store.waiting());
      // from now on these versions may have arrived, whatever is heard of it: they never change
      await store.keep(...batch.map((one) => ({ ...one, tried: true })));
      net.textContent = words.sending;
      const answer = await asked(batch);
      if (!answer) return;
      const before = plan;
      const shown = told_(place());
      await store.settle(answer);
      for (const one of answer.outcomes) if (one.personal.length) doubted(batch.find((sent) => sent.id === one.id).stop);
      if (answer.plan) changed(before, answer.plan);
      const here = plan.stops[place().at - 1];
      const doubt = here && store.heads(here.id).length > 1 && !screen.querySelector(".conflict");
      const writing = document.activeElement?.matches("textarea, input") && !doubt;
      const other = doubt || told_(place()) !== shown || answer.outcomes.some((one) => one.personal.length);
      if ((other && !writing) || answer.plan) show({ focus: false });
    } while (store.waiting().some((one) => !one.tried));
  }

  /** What the screen tells of its stop, to see whether another device has changed it. */
  const told_ = (here) => (here.what === "stop" ? JSON.stringify([store.now(plan.stops[here.at - 1].id).items, store.heads(plan.stops[here.at - 1].id).length]) : "");

  async function asked(batch) {
    try {
      const answer = await fetch(config.urls.entries, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ word: store.walk.word, version: plan.version, entries: batch.map(wire) }),
        signal: AbortSignal.timeout(15_000),
      });
      trouble = { 404: words.closed, 410: words.closed }[answer.status] ?? (answer.ok ? "" : words.later);
      return answer.ok ? await answer.json() : null;
    } catch {
      trouble = words.offline;
      return null;
    }
  }

  /** Point to a note that may hold a personal detail: by now one may be at another stop. */
  function doubted(id) {
    const at = plan.stops.findIndex((one) => one.id === id) + 1;
    if (!at || place().at === at) return;
    const link = make("a", fill(words.personal_at, { stop: plan.stops[at - 1].name }), { href: `#stop-${at}` });
    const notice = make("p", "", {}, link);
    link.addEventListener("click", () => notice.remove());
    notices.append(notice);
  }

  /** Say what the office has changed of the walk meanwhile. */
  function changed(before, now) {
    plan = now;
    const names = (some) => some.map((one) => one.name).join(", ");
    const added = now.stops.filter((one) => before.stops.every((other) => other.id !== one.id));
    const gone = before.stops.filter((one) => now.stops.every((other) => other.id !== one.id));
    if (!added.length && !gone.length) return;
    const parts = [words.changed];
    if (added.length) parts.push(fill(words.added, { names: names(added) }));
    if (gone.length) parts.push(fill(words.removed, { names: names(gone) }));
    notices.append(make("p", parts.join(" ")));
  }

  /** Say how things stand with what was rated: sent, waiting, in doubt. */
  function state() {
    const waiting = store.waiting().length;
    const every = [...store.entries.values()].filter((one) => one.word === store.walk.word);
    const refused = every.filter((one) => one.state === "refused").at(-1);
    const parts = [trouble];
    if (waiting) parts.push(fill(words.waiting, { count: waiting }));
    else if (!trouble) parts.push(every.length ? words.all_sent : words.nobody_yet);
    if (every.some((one) => one.state === "late")) parts.push(words.late);
    if (refused) parts.push(fill(words.refused, { why: refused.why }));
    const doubtful = plan.stops.filter((one) => store.heads(one.id).length > 1).length;
    if (doubtful) parts.push(fill(words.conflicts_left, { count: doubtful }));
    net.textContent = parts.filter(Boolean).join(" ");
    document.body.dataset.waiting = String(waiting);
    document.body.dataset.conflicts = String(doubtful);
  }

  // ---- without network ----

  async function ready() {
    const sign = document.querySelector("[data-ready]");
    sign.textContent = words.preparing;
    if (!navigator.serviceWorker) { sign.textContent = words.not_ready; return; }
    navigator.serviceWorker.addEventListener("message", (event) => {
      if (!("kept" in event.data)) return;
      sign.textContent = event.data.kept || navigator.serviceWorker.controller ? words.ready : words.not_ready;
      document.body.dataset.kept = String(event.data.kept);
    });
    try {
      await navigator.serviceWorker.register(config.urls.worker, { scope: config.urls.scope });
      const { active } = await navigator.serviceWorker.ready;
      const files = [...document.querySelectorAll("link[href], script[src]")].map((one) => one.href || one.src);
      active.postMessage({ keep: [location.origin + location.pathname, ...files, ...config.files.map((one) => new URL(one, location).href)] });
    } catch {
      sign.textContent = words.not_ready;
    }
  }

  async function begin() {
    try {
      store = await WalkStore.open(config.token);
    } catch {
      screen.replaceChildren(title(words.not_kept));
      return;
    }
    if (store.walk.plan && store.walk.plan.version > plan.version) plan = store.walk.plan;
    addEventListener("hashchange", () => show());
    addEventListener("online", () => send());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(); });
    setInterval(() => { if (store.waiting().length) send(); }, AGAIN);
    document.querySelector("[data-undo]").addEventListener("click", async () => {
      const last = await store.undo();
      const at = plan.stops.findIndex((one) => one.id === last?.stop) + 1;
      say(last ? fill(words.undone, { what: plan.stops[at - 1]?.name ?? "" }) : words.nothing_to_undo);
      if (at && place().at !== at) go(`#stop-${at}`);
      else show({ focus: false });
      state();
    });
    document.querySelector("[data-overview]").addEventListener("click", () => go("#end"));
    show({ focus: false });
    state();
    document.body.dataset.begun = "true";
    ready();
    await send();
    if (place().what !== "stop" || store.heads(plan.stops[place().at - 1].id).length > 1) show({ focus: false });
  }

  begin();
}
