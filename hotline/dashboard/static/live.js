// Hears what has changed, and says "me", "callbacks" and "board" to the page, whose parts then fetch themselves afresh.
// A lost connection is shown, and so is what could not be done; when it is back, everything is fetched afresh.
// A page that shows the board asks for it in its address, and is sent the board itself, as "picture".
"use strict";

(() => {
  const SILENCE = 25_000;
  const POLL = 5_000;
  const AGAIN = 3_000;
  const SPREAD = 300;
  const WORDS = ["me", "callbacks", "board"];
  const address = document.body.dataset.live;
  const banner = document.getElementById("connection");
  const desk = document.getElementById("desk");
  let source = null;
  let heardAt = Date.now();
  let polls = false;

  const say = (word) => htmx.trigger(document.body, word);
  const sayAll = () => WORDS.forEach(say);
  // where the board is sent, it need not be fetched
  const sayWhatIsNotSent = () => (address.includes("board=1") ? say("me") : sayAll());

  // A browser has six connections for all its windows: what nobody looks at rests. But a desk must ring behind other
  // pages too: of several, the first that was opened, and when it is closed the next. Where a browser has no locks,
  // as without https, each does.
  let rings = Boolean(desk) && !navigator.locks;
  const rests = () => document.visibilityState === "hidden" && !rings;

  function ring() {
    const rested = rests();
    rings = true;
    if (rested) wake();
    return new Promise(() => {});
  }

  function wake() {
    heardAt = Date.now();
    connect();
    sayAll();
  }

  function show(what) {
    banner.textContent = what ? banner.dataset[what] : "";
    banner.dataset.shows = what;
    banner.hidden = !what;
  }

  const CUT = ["lost", "undone"];

  function lost(is) {
    const shows = banner.dataset.shows;
    if (is === CUT.includes(shows)) return;
    if (is) show("lost");
    else show(shows === "undone" ? "back" : "");
    if (!is) sayAll();
  }

  // What is written is kept; a button that was pressed has done nothing.
  function unsent({ requestConfig }) {
    if (requestConfig.verb !== "get") show("undone");
    else lost(true);
    // it may have been this one alone: the stream tells
    if (!polls) connect();
  }

  function connect() {
    source?.close();
    if (rests()) return;
    source = new EventSource(address);
    source.addEventListener("hello", () => { polls = false; lost(false); sayWhatIsNotSent(); });
    source.addEventListener("me", () => say("me"));
    // all who have their day open hear it at once: they do not all ask at once
    source.addEventListener("callbacks", () => setTimeout(say, SPREAD * Math.random(), "callbacks"));
    source.addEventListener("board", (event) => htmx.trigger(document.body, "picture", { html: event.data }));
    source.addEventListener("all", sayWhatIsNotSent);
    for (const word of ["hello", "all", "beat", ...WORDS]) {
      source.addEventListener(word, () => { heardAt = Date.now(); });
    }
    source.addEventListener("error", () => {
      // closed for good: too many listen, or nobody answers; then we look for ourselves
      if (source.readyState === EventSource.CLOSED) { polls = true; sayAll(); } else lost(true);
    });
  }

  // htmx tells what came of a request to whatever asked, which may have been fetched afresh meanwhile: then nobody
  // would hear of it. So the request itself is listened to.
  document.addEventListener("htmx:beforeSend", ({ detail }) => {
    // what was said of something that was done before may be true no more
    if (detail.requestConfig.verb !== "get") document.getElementById("said")?.replaceChildren();
    detail.xhr.addEventListener("load", () => answered(detail));
    detail.xhr.addEventListener("error", () => unsent(detail));
  });
  // whoever has been logged out is sent to log in, and comes back here
  const isSentAway = ({ xhr, pathInfo }) => xhr?.responseURL
    && new URL(xhr.responseURL).pathname !== new URL(pathInfo.requestPath, location.href).pathname;
  const isOut = ({ xhr }) => xhr?.status === 401 || xhr?.getResponseHeader("X-Refused") === "session";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isSentAway(event.detail)) event.detail.shouldSwap = false;
  });

  function answered(detail) {
    if (isOut(detail) || isSentAway(detail)) location.reload();
    else if (detail.xhr.status < 400) done(detail);
    else refused(detail);
  }

  function done(detail) {
    const { verb } = detail.requestConfig;
    if (polls) lost(false);
    // what the page asks by itself tells nothing of what somebody did
    if (verb !== "get" && banner.dataset.shows === "trouble") show("");
    document.dispatchEvent(new CustomEvent("done", { detail }));
  }

  document.addEventListener("behind", sayWhatIsNotSent);

  // What somebody did was refused: the page may show what is no more. What a page asks by itself, it asks again.
  function refused({ xhr, requestConfig }) {
    if (requestConfig.verb === "get") return;
    show(xhr.status >= 500 ? "trouble" : "changed");
    if (xhr.status < 500) sayAll();
  }
  document.addEventListener("click", () => { if (["changed", "back"].includes(banner.dataset.shows)) show(""); });

  setInterval(() => { if (polls && !rests()) sayAll(); }, POLL);
  setInterval(() => {
    const silent = Date.now() - heardAt > SILENCE;
    if (!silent || rests()) return;
    heardAt = Date.now() - SILENCE + AGAIN;
    if (!polls) lost(true);
    connect();
  }, AGAIN);
  addEventListener("online", connect);
  addEventListener("offline", () => lost(true));
  document.addEventListener("visibilitychange", () => {
    if (rests()) source?.close();
    if (document.visibilityState !== "visible") return;
    if (rings) sayAll();
    else wake();
  });
  // Not before: until the page is whole nothing on it hears what is said, and the first thing is how it is now.
  document.addEventListener("DOMContentLoaded", () => {
    if (desk && navigator.locks) navigator.locks.request(`desk:${desk.dataset.account}`, ring).catch(() => {});
    connect();
  });
})();
