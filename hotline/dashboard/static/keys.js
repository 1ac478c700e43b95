// Two letters answer a call, unless somebody does without them: that is remembered on this device.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  const TYPED = "input, textarea, select";
  const OFF = "keys:off";
  const areOff = () => device.kept(OFF) !== null;
  // a letter counts where it is told of
  const areTold = () => !matchMedia("(hover: none), (pointer: coarse)").matches && !desk.matches(".unarmed");

  function show() {
    for (const one of desk.querySelectorAll("[data-keys]")) one.hidden = (one.dataset.keys === "off") !== areOff();
    for (const one of desk.querySelectorAll("[data-key]")) {
      if (areOff()) one.removeAttribute("aria-keyshortcuts");
      else one.setAttribute("aria-keyshortcuts", one.dataset.key);
    }
  }

  desk.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-keys] button");
    if (!button) return;
    if (areOff()) device.forget(OFF);
    else device.keep(OFF, 1);
    show();
    desk.querySelector("[data-keys]:not([hidden]) button").focus();
  });

  // Wherever the focus is, but in a field: there one types.
  document.addEventListener("keydown", (event) => {
    if (areOff() || !areTold() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.matches(TYPED)) return;
    const key = event.key.toLowerCase();
    const button = [...desk.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (button && !button.disabled) { event.preventDefault(); button.click(); }
  });

  document.addEventListener("scene", show);
  addEventListener("storage", show);
  show();
})();
