// Hears what has changed, and says "me" and "board" to the page, whose parts then fetch themselves afresh.
// A lost connection is shown; when it is back, everything is fetched afresh.
// A page that shows the board asks for it in its address, and is sent the board itself, as "picture".
"use strict";

(() => {
  const SILENCE = 25_000;
  const POLL = 5_000;
  const AGAIN = 3_000;
  const address = document.body.dataset.live;
  const banner = document.getElementById("connection");
  let source = null;
  let heardAt = Date.now();
  let polls = false;

  const say = (word) => htmx.trigger(document.body, word);
  const sayAll = () => ["me", "board"].forEach(say);
  // where the board is sent, it need not be fetched
  const sayWhatIsNotSent = () => (address.includes("board=1") ? say("me") : sayAll());

  function lost(is) {
    if (is === !banner.hidden) return;
    banner.textContent = is ? banner.dataset.lost : "";
    banner.hidden = !is;
    if (!is) sayAll();
  }

  function connect() {
    source?.close();
    source = new EventSource(address);
    source.addEventListener("hello", () => { polls = false; lost(false); sayWhatIsNotSent(); });
    source.addEventListener("me", () => say("me"));
    source.addEventListener("board", (event) => htmx.trigger(document.body, "picture", { html: event.data }));
    source.addEventListener("all", sayWhatIsNotSent);
    for (const word of ["hello", "me", "board", "all", "beat"]) {
      source.addEventListener(word, () => { heardAt = Date.now(); });
    }
    source.addEventListener("error", () => {
      // closed for good: too many listen, or nobody answers; then we look for ourselves
      if (source.readyState === EventSource.CLOSED) { polls = true; sayAll(); } else lost(true);
    });
  }

  document.addEventListener("htmx:sendError", () => lost(true));
  // whoever has been logged out is sent to log in, and comes back here
  const isSentAway = ({ xhr, pathInfo }) => xhr?.responseURL
    && new URL(xhr.responseURL).pathname !== new URL(pathInfo.requestPath, location.href).pathname;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isSentAway(event.detail)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status === 401 || isSentAway(event.detail)) location.reload();
    else if (event.detail.successful && polls) lost(false);
  });

  setInterval(() => { if (polls) sayAll(); }, POLL);
  setInterval(() => {
    const silent = Date.now() - heardAt > SILENCE;
    if (silent) { heardAt = Date.now() - SILENCE + AGAIN; if (!polls) lost(true); connect(); }
  }, AGAIN);
  addEventListener("online", connect);
  addEventListener("offline", () => lost(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sayAll();
  });
  connect();
})();
