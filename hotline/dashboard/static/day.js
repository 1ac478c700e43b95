// What is written about a callback is kept on this device until the server has it, also when its card is gone.
"use strict";

(() => {
  const day = document.getElementById("day");
  const left = document.getElementById("left");
  const PREFIX = `day:${day.dataset.account}:`;
  const LONGEST = 600;
  let ahead = 0;
  const DONE = /\/(attempt|give-up|give-back)$/;

  const fieldOf = (ticket) => day.querySelector(`[data-ticket="${ticket}"]`);
  const drafts = () => device.keys(PREFIX);

  day.addEventListener("input", ({ target: field }) => {
    if (field.dataset.ticket === undefined) return;
    const key = PREFIX + field.dataset.ticket;
    if (field.value) device.keep(key, field.value);
    else device.forget(key);
  });

  day.addEventListener("htmx:beforeRequest", ({ detail }) => {
    detail.requestConfig.ticket = detail.elt.closest("[data-callback]")?.dataset.callback;
  });
  document.addEventListener("done", ({ detail: { requestConfig } }) => {
    if (!DONE.test(requestConfig.path) || document.querySelector("#said .sorry")) return;
    device.forget(PREFIX + requestConfig.ticket);
    look();
  });
  // another window of this browser has written, or sent what was written
  addEventListener("storage", ({ key }) => { if (key?.startsWith(PREFIX)) look(); });
  day.addEventListener("htmx:afterSwap", ({ detail }) => { if (detail.target === day) arrive(); });

  // Somebody's time comes, and a claim ends, by time alone: nobody tells us. What nobody looks at is fetched afresh
  // when it is looked at again (live.js).
  function arrive() {
    const seconds = Number(day.querySelector("[data-changes-in]").dataset.changesIn);
    clearTimeout(ahead);
    ahead = setTimeout(again, 1000 * Math.min(seconds || LONGEST, LONGEST));
    look();
  }

  function again() {
    if (document.visibilityState !== "hidden") htmx.trigger(document.body, "callbacks");
  }

  function look() {
    left.replaceChildren();
    for (const key of drafts()) {
      const ticket = key.slice(PREFIX.length);
      const field = fieldOf(ticket);
      const words = device.kept(key);
      if (field && !field.value) field.value = words;
      else if (!field && !day.querySelector(`[data-callback="${ticket}"]`)) show(key, words);
    }
  }

  // The card is gone: they rang themselves, or somebody has seen to it. Nothing that was written goes with it.
  function show(key, words) {
    const notice = document.createElement("div");
    notice.className = "notice neutral";
    const why = document.createElement("p");
    const waits = day.querySelector(`[data-later="${key.slice(PREFIX.length)}"]`);
    const closed = day.querySelector(`[data-closed="${key.slice(PREFIX.length)}"]`);
    why.textContent = (waits && left.dataset.later) || (closed && left.dataset.closed) || left.dataset.why;
    const kept = document.createElement("p");
    kept.className = "kept";
    kept.textContent = words;
    const away = document.createElement("button");
    away.className = "plain";
    away.textContent = left.dataset.away;
    away.addEventListener("click", () => { device.forget(key); look(); });
    notice.append(why, kept, away);
    left.append(notice);
  }

  arrive();
})();
