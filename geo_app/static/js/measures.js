// Draw an area on the map of a measure: click corner by corner, then send it with the form.
"use strict";

const drawBox = document.querySelector(".draw");
const drawFrame = document.querySelector(".map");
const drawMap = drawFrame && window[drawFrame.querySelector(".canvas")?.id];
if (drawBox && drawMap) startDrawing(drawMap, drawBox, drawFrame);

function startDrawing(map, box, frame) {
  const press = box.querySelector("[data-draw]");
  const field = box.querySelector("[data-corners]");
  const add = box.querySelector("[data-add-drawn]");
  const help = box.querySelector("[data-drawing]");
  const corners = [];
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--brand").trim() || "#0d4f5c";
  const shape = L.polygon([], { color: colour, weight: 3, dashArray: "6 5", fillOpacity: 0.15, interactive: false }).addTo(map);
  box.hidden = false;
  press.addEventListener("click", () => {
    const on = press.getAttribute("aria-pressed") !== "true";
    press.setAttribute("aria-pressed", on);
    frame.classList.toggle("drawing", on);
    help.hidden = !on;
    if (!on) { corners.length = 0; show(); }
  });
  map.on("click", (event) => {
    if (press.getAttribute("aria-pressed") !== "true") return;
    map.closePopup();
    corners.push(event.latlng);
    show();
  });

  function show() {
    shape.setLatLngs(corners);
    field.value = corners.map((spot) => `${spot.lng.toFixed(7)} ${spot.lat.toFixed(7)}`).join(" ");
    add.hidden = corners.length < 3;
  }
}
