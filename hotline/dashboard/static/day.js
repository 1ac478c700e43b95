// What is written about a callback is kept on this device until the server has it, also when its card is gone.
"use strict";

(() => {
  const day = document.getElementById("day");
  const left = document.getElementById("left");
  const PREFIX = `day:${day.dataset.account}:`;
  const LONGEST = 600;
  const TICKET = /\/(\d+)\/[a-z-]+$/;
  let ahead = 0;
  let spoken = null;
  const DONE = /\/(attempt|give-up|give-back|words)$/;

  const fieldOf = (ticket) => day.querySelector(`[data-ticket="${ticket}"]`);
  const drafts = () => device.keys(PREFIX);

  day.addEventListener("input", ({ target: field }) => {
    if (field.dataset.ticket === undefined) return;
    const key = PREFIX + field.dataset.ticket;
    if (field.value) device.keep(key, field.value);
    else device.forget(key);
  });

  document.addEventListener("htmx:beforeSend", ({ detail: { requestConfig } }) => {
    if (requestConfig.verb !== "get") spoken = null;
  });
  document.addEventListener("done", ({ detail: { requestConfig } }) => {
    const [, ticket] = TICKET.exec(requestConfig.path) ?? [];
    if (requestConfig.verb === "get" || !ticket) return;
    spoken = { ticket, cards: cardsOf(ticket) };
    if (!DONE.test(requestConfig.path) || document.querySelector("#said .sorry")) return;
    device.forget(PREFIX + ticket);
    look();
  });
  // another window of this browser has written, or sent what was written
  addEventListener("storage", ({ key }) => { if (key?.startsWith(PREFIX)) look(); });
  day.addEventListener("htmx:afterSwap", ({ detail: { target, requestConfig } }) => {
    if (target !== day) return;
    if (requestConfig.verb === "get" && spoken && cardsOf(spoken.ticket) !== spoken.cards) unsay();
    arrive();
  });

  // Somebody's time comes, and a claim ends, by time alone: nobody tells us. What nobody looks at is fetched afresh
  // when it is looked at again (live.js).
  function arrive() {
    const seconds = Number(day.querySelector("[data-changes-in]").dataset.changesIn);
    clearTimeout(ahead);
    ahead = setTimeout(again, 1000 * Math.min(seconds || LONGEST, LONGEST));
    look();
  }

  // Where somebody is listed, and what can be done there.
  function cardsOf(ticket) {
    const cards = day.querySelectorAll(["callback", "later", "closed"].map((one) => `[data-${one}="${ticket}"]`));
    return [...cards].flatMap((card) => [card, ...card.querySelectorAll("[id]")]).map(({ id }) => id).join();
  }

  // What was said of them is true as long as nothing has become of them since.
  function unsay() {
    spoken = null;
    document.getElementById("said").replaceChildren();
  }

  function again() {
    if (document.visibilityState !== "hidden") htmx.trigger(document.body, "callbacks");
  }

  // A notice that is there already stays, with the focus that is in it.
  function look() {
    const gone = [];
    for (const key of drafts()) {
      const ticket = key.slice(PREFIX.length);
      const field = fieldOf(ticket);
      const words = device.kept(key);
      if (field && !field.value) field.value = words;
      else if (!field && !day.querySelector(`[data-callback="${ticket}"]`)) gone.push(noticeOf(key, words));
    }
    for (const notice of [...left.children]) if (!gone.includes(notice)) notice.remove();
    for (const notice of gone) if (!notice.isConnected) left.append(notice);
  }

  // The card is gone: they rang themselves, or somebody has seen to it. Nothing that was written goes with it.
  function noticeOf(key, words) {
    const ticket = key.slice(PREFIX.length);
    const waits = day.querySelector(`[data-later="${ticket}"]`);
    const closed = day.querySelector(`[data-closed="${ticket}"]`);
    const why = (waits && left.dataset.later) || (closed && left.dataset.closed) || left.dataset.why;
    const isThis = ({ dataset }) => dataset.key === key && dataset.why === why && dataset.words === words;
    return [...left.children].find(isThis) ?? made({ key, why, words, ticket, isOver: closed ? "yes" : "" });
  }

  function made(what) {
    const notice = document.getElementById("left-notice").content.firstElementChild.cloneNode(true);
    const [copies, adds, away] = notice.querySelectorAll("button");
    Object.assign(notice.dataset, what);
    notice.querySelector("[data-reason]").textContent = what.why;
    notice.querySelector(".kept").textContent = what.words;
    copies.hidden = !navigator.clipboard;
    copies.addEventListener("click", () => copy(notice, copies));
    adds.hidden = Boolean(what.isOver);
    adds.addEventListener("click", () => add(what, adds));
    away.addEventListener("click", () => {
      device.forget(what.key);
      look();
      document.getElementById("due").focus();
    });
    return notice;
  }

  function add({ ticket, words }, source) {
    const address = left.dataset.words.replace("/0/", `/${ticket}/`);
    htmx.ajax("POST", address, { source, target: "#day", values: { note: words } });
  }

  async function copy(notice, { dataset: { copied, failed } }) {
    const said = notice.querySelector("[data-outcome]");
    try {
      await navigator.clipboard.writeText(notice.dataset.words);
      said.textContent = copied;
    } catch {
      said.textContent = failed;
      getSelection().selectAllChildren(notice.querySelector(".kept"));
    }
  }

  arrive();
})();
