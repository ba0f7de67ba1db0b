// Keys for those who decide on many marks; every page works without them.
"use strict";

const OFF = "treffsicher-keys-off";
const help = document.querySelector(".keys");
const wanted = help?.querySelector("[data-keys]");

if (help) {
  help.hidden = false;
  wanted.checked = localStorage.getItem(OFF) === null;
  wanted.addEventListener("change", () => {
    if (wanted.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  });
}

/** Tell whether somebody is typing, or means a key of the browser or of a tool. */
function elsewhere(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.repeat || !wanted?.checked
    || event.target.closest("input, textarea, select, .canvas, [contenteditable]");
}

addEventListener("keydown", (event) => {
  if (elsewhere(event)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  // a slip of one finger publishes nothing: the first press goes to a button, the second presses it
  if (target.tagName === "BUTTON" && document.activeElement !== target) { target.focus(); return; }
  if (target.tagName !== "SUMMARY") { target.click(); return; }
  target.parentElement.open = true;
  (target.parentElement.querySelector("input:not([type=hidden]), textarea") ?? target).focus();
});
