// Leaving quickly: the button, or Escape twice within a second; the button also works without this.
"use strict";

(() => {
  const leave = document.querySelector("[data-leave]");
  /** Go to a harmless page; this page is emptied at once and does not stay in the history. */
  function leaveNow(event) {
    event?.preventDefault();
    for (const form of document.forms) {
      for (const field of form.elements) if ("value" in field) field.value = "";
    }
    document.body.replaceChildren();
    document.title = "…";
    location.replace(leave.href);
  }
  let lastEscape = -Infinity;
  leave.addEventListener("click", leaveNow);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - lastEscape < 1000) leaveNow(event);
    lastEscape = event.timeStamp;
  }, { capture: true });
})();
