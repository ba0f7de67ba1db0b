// Comforts of the form of a mark; all of it also works without this script.
"use strict";

document.documentElement.classList.add("scripts");
for (const part of document.querySelectorAll(".scripted")) part.hidden = false;

// A browser that kept the page as it was left shows it to whoever goes back: ask for it anew.
addEventListener("pageshow", (event) => {
  if (!event.persisted || !document.body.classList.contains("report-page")) return;
  document.body.replaceChildren();
  location.reload();
});

// ---- small things ----

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// ---- where: the map, the device, the list ----

const frame = document.querySelector(".map[data-pick]");
if (frame) pickOn(window[frame.querySelector(".canvas").id]);

function pickOn(map) {
  const form = document.getElementById("wizard");
  const status = document.querySelector("[data-status]");
  const onMap = document.querySelector("[data-on-map]");
  const radio = onMap.querySelector("input");
  let pin = null;

  const icon = () => {
    const svg = pinIcon("chosen-spot", false).options.html;
    return L.divIcon({ html: svg, className: "chosen-spot", iconSize: [33, 44], iconAnchor: [16.5, 44] });
  };
  const put = (spot) => {
    pin ??= L.marker(spot, { icon: icon(), interactive: false, keyboard: false, alt: "" }).addTo(map);
    pin.setLatLng(spot);
  };
  const choose = (spot, words) => {
    put(spot);
    form.elements.latitude.value = spot.lat.toFixed(6);
    form.elements.longitude.value = spot.lng.toFixed(6);
    onMap.hidden = false;
    radio.checked = true;
    status.textContent = words;
  };

  onMap.hidden = true;
  frame.dataset.ready = "true"; // there is nothing to fetch: the ground draws itself
  map.on("click", (event) => choose(event.latlng, status.dataset.tapped));
  for (const one of document.querySelectorAll("[data-longitude]")) {
    const show = (zoom) => {
      const spot = L.latLng(one.dataset.latitude, one.dataset.longitude);
      put(spot);
      map.setView(spot, Math.max(map.getZoom(), zoom), { animate: false });
    };
    one.addEventListener("change", () => show(17));
    if (one.checked) show(17);
  }
  const first = document.querySelector("[data-longitude]");
  if (first && !first.checked) map.setView([first.dataset.latitude, first.dataset.longitude], 16, { animate: false });

  document.querySelector("[data-here]").addEventListener("click", () => {
    status.textContent = status.dataset.asking;
    const refused = () => { status.textContent = status.dataset.refused; };
    if (!navigator.geolocation) { refused(); return; }
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const metres = String(Math.max(5, Math.round(coords.accuracy)));
      const spot = L.latLng(coords.latitude, coords.longitude);
      map.setView(spot, 17, { animate: false });
      choose(spot, status.dataset.found.replace("{metres}", metres));
    }, refused, { enableHighAccuracy: true, timeout: 15000 });
  });
}

// ---- a short computation while very many marks come in ----

const work = document.querySelector("[data-challenge]");
if (work) compute(work.dataset.challenge, Number(work.dataset.bits)).then((answer) => {
  work.value = String(answer);
  work.form.requestSubmit(work.form.querySelector(".foot-actions [value=send]"));
});

/** Find the first number such that SHA-256 of "challenge:number" begins with so many zero bits. */
async function compute(challenge, bits) {
  const limit = 2 ** (32 - bits);
  for (let number = 0; ; number += 1) {
    if (sha256Head(`${challenge}:${number}`) < limit) return number;
    if (number % 2000 === 1999) await new Promise((go) => { setTimeout(go); }); // the page stays alive
  }
}

/** First 32 bits of SHA-256 (FIPS 180-4) of a short ASCII text; crypto.subtle is missing on plain http. */
function sha256Head(text) {
  const k = sha256Head.k ??= roots(64, 1 / 3);
  const h = [...(sha256Head.h ??= roots(8, 1 / 2))];
  const bytes = new Uint8Array(((text.length + 8) >> 6 << 6) + 64);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  bytes[text.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, text.length * 8);
  const w = new Uint32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let block = 0; block < bytes.length; block += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(block + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const [a, b] = [w[i - 15], w[i - 2]];
      w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, last] = h;
    for (let i = 0; i < 64; i += 1) {
      const one = (last + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [last, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, last].forEach((value, i) => { h[i] = (h[i] + value) | 0; });
  }
  return h[0] >>> 0;
}

/** First 32 bits of the fractions of a power of the first primes: the constants of SHA-256. */
function roots(count, power) {
  const found = [];
  for (let n = 2; found.length < count; n += 1) {
    if (!found.some(([prime]) => n % prime === 0)) found.push([n, ((n ** power) % 1) * 2 ** 32 | 0]);
  }
  return found.map(([, bits]) => bits);
}
