// The page on which a walk is planned: its way on the map, and places by a click. All of it also
// works by forms without this script.
"use strict";

{
  const begun = JSON.parse(document.getElementById("walk-begun").textContent);
  const frame = document.querySelector(".map");
  const { map } = window[frame.querySelector(".canvas").id].city;
  const form = document.querySelector("[data-by-map]");

  for (const part of document.querySelectorAll(".scripted")) part.hidden = false;
  for (const part of document.querySelectorAll(".plain-words")) part.hidden = true;

  if (begun.way.length > 1) {
    const renderer = L.svg({ padding: 0.4 });
    L.polyline(begun.way, { renderer, className: "walk-case", interactive: false }).addTo(map);
    const way = L.polyline(begun.way, { renderer, className: "walk-way", interactive: false }).addTo(map);
    map.fitBounds(way.getBounds().pad(0.15), { animate: false });
  }

  const ask = (spot) => {
    const card = document.createElement("div");
    card.className = "told stack";
    card.append(Object.assign(document.createElement("p"), { textContent: begun.words.ask }));
    for (const role of ["stop", "start", "end"]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet wide", textContent: begun.words[role] });
      button.addEventListener("click", () => {
        form.elements.longitude.value = spot.lng.toFixed(6);
        form.elements.latitude.value = spot.lat.toFixed(6);
        form.elements.as.value = role;
        form.submit();
      });
      card.append(button);
    }
    L.popup().setLatLng(spot).setContent(card).openOn(map);
    card.querySelector("button").focus();
  };
  if (begun.editable) map.on("click", (event) => ask(event.latlng));
}
