// A number at which somebody is to be called back is kept on this device, digit by digit, until the server has it.
"use strict";

(() => {
  const place = document.getElementById("desk") ?? document.getElementById("day");
  const PREFIX = `number:${place.dataset.account}:`;
  const SENT = /\/desk\/(\d+)\/(callback|finish)$/;
  // so long one may still be added to a talk
  const LASTS = 14 * 24 * 3600_000;

  place.addEventListener("input", ({ target: field }) => {
    // of what is written anew, nothing is known yet
    if (field.type === "tel") field.removeAttribute("aria-invalid");
    if (field.dataset.number === undefined) return;
    const key = PREFIX + field.dataset.number;
    if (field.value) device.keep(key, { at: Date.now(), number: field.value });
    else device.forget(key);
  });

  place.addEventListener("htmx:afterSwap", fillIn);
  document.addEventListener("done", ({ detail: { requestConfig } }) => {
    const [, offer] = SENT.exec(requestConfig.path) ?? [];
    if (offer && hasIt(offer, requestConfig.path)) device.forget(PREFIX + offer);
  });

  // It asks again where the number is none; where a write-up was not taken, that is said.
  function hasIt(offer, path) {
    if (path.endsWith("/callback")) return !place.querySelector(`[data-number="${offer}"]`);
    return !place.querySelector(`[data-finish="${offer}"]`) && !document.querySelector("#said .sorry");
  }

  function fillIn() {
    for (const field of place.querySelectorAll("[data-number]")) {
      if (!field.value) field.value = device.kept(PREFIX + field.dataset.number)?.number ?? "";
      const fold = field.closest("details");
      if (fold && field.value) fold.open = true;
    }
  }

  for (const key of device.keys(PREFIX)) if (Date.now() - device.kept(key).at > LASTS) device.forget(key);
  addEventListener("storage", fillIn);
  fillIn();
})();
