// When what the page has looked up by itself is not put in, but looked up once more.
// Answers come in another order than they were asked for: what somebody did and what was looked up meanwhile may meet at
// the server, and nobody can tell which of the two answers is the newer one.
// And nothing changes under a finger: a button that is replaced while it is pressed does nothing.
"use strict";

(() => {
  const LONGEST_PRESS = 1000;
  const looks = new Set();
  const old = new WeakSet();
  let acts = 0;
  let met = false;
  let pressedAt = -Infinity;

  document.addEventListener("htmx:beforeSend", ({ detail: { xhr, requestConfig } }) => {
    if (requestConfig.verb === "get") look(xhr);
    else act(xhr);
  });

  function look(xhr) {
    looks.add(xhr);
    met ||= acts > 0;
    xhr.addEventListener("loadend", () => looks.delete(xhr));
  }

  function act(xhr) {
    acts += 1;
    met ||= looks.size > 0;
    xhr.addEventListener("load", () => looks.forEach((one) => old.add(one)));
    xhr.addEventListener("loadend", () => { acts -= 1; if (!isPressed()) catchUp(); });
  }

  const isPressed = () => performance.now() - pressedAt < LONGEST_PRESS;

  // before anything else hears of it
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (requestConfig.verb !== "get" || !(old.has(xhr) || isPressed())) return;
    met ||= isPressed();
    event.detail.shouldSwap = false;
    event.stopPropagation();
  }, true);

  function catchUp() {
    if (!met) return;
    met = acts > 0;
    document.dispatchEvent(new CustomEvent("behind"));
  }

  function released() {
    pressedAt = -Infinity;
    catchUp();
  }

  addEventListener("pointerdown", () => { pressedAt = performance.now(); setTimeout(catchUp, LONGEST_PRESS); }, true);
  // after the click
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(released), true);
})();
