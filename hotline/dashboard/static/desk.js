// The desk: which scene is put in when, where the focus goes, when keys count, and the time that a talk has taken.
// Tells by "scene" what it shows, by "fresh" what the server has, and by "kept" that a scene stays and its parts do
// not. Works without: the telephone rings.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  const said = () => document.getElementById("said");
  const TYPED = "input, textarea, select";
  const WRITING = ["write_up", "late"];
  const WAITING = ["ready", "away", "off", "out_of_hours", "breather", "calling_back"];
  const LONGEST = 600;
  let shown = "";
  let scene = "";
  let touched = "";
  let byHand = false;
  let wasHere = false;
  let wasTyping = false;
  let ahead = 0;

  desk.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (event.detail.target !== desk) return;
    byHand = requestConfig.verb !== "get";
    wasHere = desk.contains(document.activeElement);
    wasTyping = wasHere && document.activeElement.matches(TYPED);
    const before = shown;
    shown = xhr.responseText;
    if (byHand) { said().replaceChildren(); return; }
    const fresh = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector(".scene");
    if (!fresh) return;
    lookAgain(Number(fresh.dataset.changesIn));
    document.dispatchEvent(new CustomEvent("fresh", { detail: fresh }));
    const kept = stays(fresh.dataset);
    if (kept && isSame(fresh.dataset)) document.dispatchEvent(new CustomEvent("kept", { detail: fresh }));
    else if (kept) meanwhile(fresh);
    if (shown === before || kept) event.detail.shouldSwap = false;
  });

  function isSame(fresh) {
    const here = desk.querySelector(".scene").dataset;
    return fresh.scene === here.scene && fresh.offer === here.offer;
  }

  // What would take the page away from somebody who writes is not put in, but what is about a caller is.
  function stays(fresh) {
    const here = desk.querySelector(".scene").dataset;
    if (isSame(fresh)) return ["talk", "write_up"].includes(here.scene);
    if (!WAITING.includes(fresh.scene) || !WRITING.includes(here.scene)) return false;
    return here.scene === "late" || touched === here.offer;
  }

  // They write on; what they are meanwhile is said, and so is that somebody, themselves perhaps, has written it up.
  function meanwhile(fresh) {
    const part = desk.querySelector("[data-part=time]");
    if (part) part.hidden = true;
    const { offer } = desk.querySelector(".scene").dataset;
    if (!fresh.dataset.unfinished.split(" ").includes(offer)) writtenElsewhere();
    else if (part) tell(whatTheyAre(fresh, part.querySelector("[data-resumed]").dataset));
  }

  function whatTheyAre(fresh, { resumed, meanwhile: writeOn }) {
    const now = fresh.dataset.scene === "ready" ? resumed : fresh.querySelector("h1").textContent;
    return `${now} ${writeOn}`;
  }

  function writtenElsewhere() {
    // it is this page that is sending it
    if (desk.querySelector("[data-finish].htmx-request")) return;
    const way = desk.querySelector("[data-elsewhere]");
    way.hidden = false;
    way.previousElementSibling.hidden = true;
    tell(way.dataset.elsewhere);
  }

  function tell(words) {
    if (said().textContent === words) return;
    const notice = document.createElement("p");
    notice.className = "notice neutral";
    notice.textContent = words;
    said().replaceChildren(notice);
  }

  desk.addEventListener("input", ({ target }) => {
    touched = target.closest("[data-finish]")?.dataset.finish ?? touched;
  });
  desk.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === desk) arrive();
  });

  function arrive() {
    const here = desk.querySelector(".scene");
    const now = `${here.dataset.scene}:${here.dataset.offer ?? ""}`;
    const before = scene;
    const isNew = now !== before;
    scene = now;
    lookAgain(Number(here.dataset.changesIn));
    // what was said of the scene before
    if (isNew && before && !byHand) said().replaceChildren();
    document.dispatchEvent(new CustomEvent("scene", { detail: { here, isNew } }));
    // from wherever they were on the page before
    if (isNew && here.dataset.scene === "offer") scrollTo(0, 0);
    focusOn(here, isNew);
    byHand = false;
    tick();
  }

  // Whoever was here stays here. Keys wait for whoever was typing: no letter of theirs declines a call.
  function focusOn(here, isNew) {
    const lost = document.activeElement === document.body;
    const rings = isNew && here.dataset.scene === "offer";
    if (isNew) arm(!wasTyping);
    if (!lost || !(wasHere || rings)) return;
    const heading = here.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  function arm(is) {
    desk.classList.toggle("unarmed", !is);
  }

  // Shifts begin and pauses end by time alone: nobody tells us.
  function lookAgain(seconds) {
    clearTimeout(ahead);
    ahead = setTimeout(() => htmx.trigger(document.body, "me"), 1000 * Math.min(seconds || LONGEST, LONGEST));
  }

  // By the server's clock: that of this device may be wrong.
  const late = new WeakMap();

  function tick() {
    for (const one of desk.querySelectorAll(".timer")) {
      if (!late.has(one)) late.set(one, Date.parse(one.closest("[data-now]").dataset.now) - Date.now() || 0);
      const gone = Math.max(0, Math.floor((Date.now() + late.get(one) - Date.parse(one.dataset.since)) / 1000));
      const two = (number) => String(number).padStart(2, "0");
      const hours = Math.floor(gone / 3600);
      one.textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(gone / 60) % 60)}:${two(gone % 60)}`;
    }
  }

  document.addEventListener("keydown", (event) => { if (event.key === "Tab") arm(true); });

  setInterval(tick, 1000);
  arrive();
})();
