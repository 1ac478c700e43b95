// Answers come in another order than they were asked for. What somebody did and what the page looks up by itself may
// meet at the server, and nobody can tell which of the two answers is the newer one. So what was asked before somebody
// had the answer to what they did is not put in after it; and wherever the two met, all is looked up once more.
"use strict";

(() => {
  const looks = new Set();
  const old = new WeakSet();
  let acts = 0;
  let met = false;

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
    xhr.addEventListener("loadend", ended);
  }

  function ended() {
    acts -= 1;
    if (!met) return;
    met = acts > 0;
    document.dispatchEvent(new CustomEvent("behind"));
  }

  // before anything else hears of it
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!old.has(event.detail.xhr)) return;
    event.detail.shouldSwap = false;
    event.stopPropagation();
  }, true);
})();
