// The board: puts each new picture in, part by part where something is new, and counts the waits.
"use strict";

(() => {
  const board = document.getElementById("board");
  const said = document.getElementById("board-said");
  const SAY_EVERY = 60_000;
  const shown = new Map();
  let now = 0;
  let takenAt = 0;
  let saidAt = 0;

  document.body.addEventListener("picture", (event) => show(event.detail.html));
  board.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) show(event.detail.xhr.responseText);
  });

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-now]");
    if (!fresh) return;
    remember(fresh);
    const sections = [...fresh.querySelectorAll("section[id]")];
    for (const section of sections) put(section);
    say(fresh.dataset.said);
  }

  function remember(picture) {
    now = Date.parse(picture.dataset.now);
    takenAt = performance.now();
  }

  // Only what is new: whoever reads or has marked something keeps it, and nothing jumps.
  function put(section) {
    const text = section.innerHTML;
    if (shown.get(section.id) === text) return;
    shown.set(section.id, text);
    const here = document.getElementById(section.id);
    here.innerHTML = text;
    tick();
  }

  // Counted from the server's clock: that of this device may be wrong.
  function tick() {
    const present = now + performance.now() - takenAt;
    for (const one of board.querySelectorAll("[data-since]")) {
      const gone = Math.max(0, Math.floor((present - Date.parse(one.dataset.since)) / 1000));
      const two = (number) => String(number).padStart(2, "0");
      const hours = Math.floor(gone / 3600);
      const minutes = Math.floor(gone / 60) % 60;
      const text = hours ? `${hours}:${two(minutes)}:${two(gone % 60)}` : `${minutes}:${two(gone % 60)}`;
      if (one.textContent !== text) one.textContent = text;
    }
  }

  // Screen readers hear how many wait, now and then, and nothing of the table by itself.
  function say(words) {
    if (Date.now() - saidAt < SAY_EVERY || said.textContent === words) return;
    saidAt = Date.now();
    said.textContent = words;
  }

  remember(board.querySelector("[data-now]"));
  saidAt = Date.now();
  setInterval(tick, 1000);
})();
