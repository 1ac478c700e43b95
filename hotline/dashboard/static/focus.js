// Where the focus goes when what had it is gone, because it was pressed or because there is news: to what has come
// instead (marked with "data-focus", or a heading), to the next of a list, to the heading of what holds it.
"use strict";

(() => {
  const main = document.getElementById("main");
  const TAKES_IT = "a[href], button, input, select, textarea, summary, [tabindex]";
  const stood = new WeakMap();

  // What somebody is on, and what is around it, the nearest first.
  function around(here) {
    const ids = [];
    for (let at = here; at && at !== main; at = at.parentElement) {
      ids.push(at.id);
      if (!at.matches("li")) continue;
      for (let next = at.nextElementSibling; next; next = next.nextElementSibling) ids.push(next.id);
      for (let next = at.previousElementSibling; next; next = next.previousElementSibling) ids.push(next.id);
    }
    return ids.filter(Boolean);
  }

  function remember(xhr, here) {
    if (main.contains(here) && here !== main) stood.set(xhr, around(here));
  }

  document.addEventListener("htmx:beforeSend", ({ detail: { xhr, elt, requestConfig } }) => {
    const here = document.activeElement;
    // some browsers give the focus to no button that is clicked
    if (requestConfig.verb !== "get") remember(xhr, elt.contains(here) ? here : elt);
    xhr.addEventListener("load", () => arrive(stood.get(xhr)));
  });
  document.addEventListener("htmx:beforeSwap", ({ detail: { xhr, target } }) => {
    if (!stood.has(xhr) && target.contains(document.activeElement)) remember(xhr, document.activeElement);
  });

  function arrive(ids) {
    if (!ids || document.activeElement !== document.body) return;
    const there = ids.map((id) => document.getElementById(id)).filter(Boolean);
    const place = [...there, main].map(placeIn).find(Boolean);
    if (!place) return;
    if (!place.matches(TAKES_IT)) place.tabIndex = -1;
    place.focus();
  }

  function placeIn(one) {
    return one.matches(TAKES_IT) ? one : one.querySelector("[data-focus], [tabindex='-1'], h1");
  }
})();
