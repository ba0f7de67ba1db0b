// What a night walk keeps on the device: its entries, version by version, and what to undo.
"use strict";

/** Letters and figures that are not mistaken for each other in the dark. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const UNDO_MOST = 100;

/** A promise of what a request to the database answers. */
const answered = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const madeWord = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (n) => LETTERS[n % LETTERS.length]).join("");

/** crypto.randomUUID is only there on secure pages; this one works on a town hall's test server too. */
const madeId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

/** Everything about one walk on this device. */
class WalkStore {
  static async open(token) {
    const asked = indexedDB.open("treffsicher-walks", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("walks", { keyPath: "token" });
      asked.result.createObjectStore("entries", { keyPath: "id" }).createIndex("token", "token");
    };
    const here = new WalkStore();
    here.database = await answered(asked);
    here.token = token;
    const read = here.database.transaction(["walks", "entries"]);
    const known = await answered(read.objectStore("walks").get(token));
    const entries = await answered(read.objectStore("entries").index("token").getAll(token));
    here.walk = known ?? { token, word: madeWord(), number: 0, plan: null, undo: [] };
    here.entries = new Map(entries.map((one) => [one.id, one]));
    if (!known) await here.keep();
    return here;
  }

  /** Write the walk and the entries given; resolves when they are safely on the device. */
  keep(...entries) {
    const write = this.database.transaction(["walks", "entries"], "readwrite", { durability: "strict" });
    write.objectStore("walks").put(this.walk);
    for (const one of entries) {
      this.entries.set(one.id, one);
      write.objectStore("entries").put(one);
    }
    return new Promise((resolve, reject) => {
      write.oncomplete = resolve;
      write.onabort = write.onerror = () => reject(write.error);
    });
  }

  of(stop) {
    return [...this.entries.values()].filter((one) => one.stop === stop && one.word === this.walk.word).sort((a, b) => a.order - b.order);
  }

  /** Versions of a stop that no other one replaces: one, or several that contradict each other. */
  heads(stop) {
    const every = this.of(stop);
    const replaced = new Set(every.flatMap((one) => one.bases));
    const left = every.filter((one) => !replaced.has(one.id) && !one.gone && one.state !== "refused");
    const says = (one) => JSON.stringify([Object.entries(one.items).sort(), one.note]);
    return left.filter((one, at) => left.findIndex((other) => says(other) === says(one)) === at);
  }

  /** What is rated at a stop now: the last version of this device where there are several. */
  now(stop) {
    const heads = this.heads(stop);
    return heads.filter((one) => !one.foreign).at(-1) ?? heads.at(-1) ?? { items: {}, note: "" };
  }

  /**
   * Rate a stop. What was never on its way is changed where it is; of anything else a new version
   * is made that names all before it, so that the server can tell what replaces what.
   */
  async rate(stop, items, note, { undoable = true } = {}) {
    const before = this.now(stop);
    if (undoable) {
      this.walk.undo.push({ stop, items: before.items, note: before.note });
      this.walk.undo = this.walk.undo.slice(-UNDO_MOST);
    }
    const draft = this.heads(stop).length < 2 && before.id && !before.tried && !before.foreign;
    const made = draft ? before : {
      id: madeId(), token: this.token, word: this.walk.word, stop, order: Date.now() + Math.random(),
      bases: this.of(stop).map((one) => one.id).slice(-200), state: "waiting", tried: false,
    };
    await this.keep({ ...made, items, note, at: new Date().toISOString() });
  }

  /** Take the last change back, whatever stop it was at; tells which. */
  async undo() {
    const last = this.walk.undo.pop();
    if (last) await this.rate(last.stop, last.items, last.note, { undoable: false });
    return last;
  }

  waiting() {
    return [...this.entries.values()].filter((one) => one.state === "waiting" && one.word === this.walk.word).sort((a, b) => a.order - b.order);
  }

  /** Note what the server says became of what was sent, and what counts for this person there. */
  async settle(answer) {
    const changed = new Map();
    const change = (one, more) => changed.set(one.id, { ...(changed.get(one.id) ?? one), ...more });
    for (const told of answer.outcomes) {
      const one = this.entries.get(told.id);
      if (one) change(one, { state: told.state, why: told.why, personal: told.personal });
    }
    const live = new Set(answer.mine.map((one) => one.id));
    for (const told of answer.mine) {
      const known = this.entries.get(told.id);
      if (known) change(known, { gone: false });
      else changed.set(told.id, { ...told, token: this.token, word: this.walk.word, order: Date.parse(told.at), state: "kept", tried: true, foreign: true });
    }
    // what the server took, but no longer counts, was decided there
    for (const one of this.entries.values()) {
      const state = changed.get(one.id)?.state ?? one.state;
      if (one.word === this.walk.word && state === "kept" && !live.has(one.id)) change(one, { gone: true });
    }
    this.walk.number = answer.number;
    if (answer.plan) this.walk.plan = answer.plan;
    await this.keep(...changed.values());
  }
}
