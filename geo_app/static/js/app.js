// Small comforts; every page works without them.
"use strict";

// A number and its slider move together; only the number is sent.
for (const slider of document.querySelectorAll("input[type=range][data-for]")) {
  const number = document.getElementById(slider.dataset.for);
  slider.hidden = false;
  slider.addEventListener("input", () => { number.value = slider.value; });
  number.addEventListener("input", () => { slider.value = number.value; });
}

// Whoever sets the minutes has chosen a limit of their own.
for (const minutes of document.querySelectorAll("[data-field=minutes] input")) {
  minutes.addEventListener("input", () => {
    const own = minutes.form.querySelector("input[name=standard][value=own]");
    if (own) own.checked = true;
  });
}

// What was changed and then closed without asking goes back to what it was.
for (const sheet of document.querySelectorAll(".sheet")) {
  sheet.addEventListener("toggle", (event) => {
    if (event.newState !== "closed" || document.documentElement.classList.contains("waiting")) return;
    for (const field of sheet.querySelectorAll("input")) {
      field.checked = field.defaultChecked;
      field.value = field.defaultValue;
    }
    for (const option of sheet.querySelectorAll("option")) option.selected = option.defaultSelected;
  });
}

// A question that takes longer than a blink says that it is being counted.
const busy = document.querySelector(".busy");
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    document.documentElement.classList.add("waiting");
    setTimeout(() => { busy.hidden = false; }, 300);
  });
}
addEventListener("pageshow", () => {
  document.documentElement.classList.remove("waiting");
  busy.hidden = true;
});
