// The desk: keeps what is being written, tells of a call, counts the time. Works without: the telephone rings.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  const title = document.title;
  const PREFIX = `note:${desk.dataset.account}:`;
  const headers = () => ({
    "Content-Type": "application/json",
    ...JSON.parse(document.body.getAttribute("hx-headers")),
  });
  let shown = "";
  let scene = "";

  // A fragment that says nothing new, or would take the page away from somebody who writes, is not put in.
  desk.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (requestConfig.verb !== "get") {
      document.getElementById("said").replaceChildren();
      return;
    }
    const fresh = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector(".scene");
    const here = desk.querySelector(".scene");
    const same = fresh && here && fresh.dataset.scene === here.dataset.scene
      && fresh.dataset.offer === here.dataset.offer;
    const late = here?.dataset.scene === "late" && fresh?.dataset.scene !== "offer";
    const writes = late || (same && ["talk", "write_up"].includes(here.dataset.scene));
    if (fresh) lookAgain(Number(fresh.dataset.changesIn));
    if (xhr.responseText === shown || writes) event.detail.shouldSwap = false;
    shown = xhr.responseText;
  });
  desk.addEventListener("htmx:afterSwap", arrive);

  function arrive() {
    const here = desk.querySelector(".scene");
    const now = `${here.dataset.scene}:${here.dataset.offer ?? ""}`;
    const note = desk.querySelector("[data-note]");
    if (note) takeUp(note);
    offerToNotify();
    lookAgain(Number(here.dataset.changesIn));
    if (now === scene) return;
    scene = now;
    if (here.dataset.scene === "offer") ring(here);
    else quiet(here);
    tick();
  }

  // Shifts begin and pauses end by time alone: nobody tells us.
  let next = 0;
  function lookAgain(seconds) {
    clearTimeout(next);
    const LONGEST = 600;
    next = setTimeout(() => htmx.trigger(document.body, "me"), 1000 * Math.min(seconds || LONGEST, LONGEST));
  }

  // Notes: every letter is kept on this device until the server has confirmed it.
  const timers = new Map();
  const saving = new Set();

  function takeUp(field) {
    const draft = JSON.parse(localStorage.getItem(PREFIX + field.dataset.note) ?? "null");
    if (draft && draft.note !== field.value) {
      field.value = draft.note;
      later(field.dataset.note, 0);
    }
    if (field.dataset.heard) return;
    field.dataset.heard = "1";
    field.addEventListener("input", () => {
      keep(field.dataset.note, {
        note: field.value, revision: Number(field.dataset.revision), address: field.dataset.save,
      });
      later(field.dataset.note, 700);
    });
  }

  const keep = (offer, draft) => localStorage.setItem(PREFIX + offer, JSON.stringify(draft));
  const kept = (offer) => JSON.parse(localStorage.getItem(PREFIX + offer) ?? "null");

  function later(offer, wait) {
    clearTimeout(timers.get(offer));
    timers.set(offer, setTimeout(() => save(offer), wait));
  }

  async function save(offer) {
    const draft = kept(offer);
    if (!draft) return;
    if (saving.has(offer)) { later(offer, 300); return; }
    saving.add(offer);
    try {
      const answer = await fetch(draft.address, {
        method: "POST", headers: headers(), redirect: "error",
        body: JSON.stringify({ revision: draft.revision, note: draft.note }),
      });
      if (answer.ok || answer.status === 409) confirm(offer, draft, await answer.json(), answer.ok);
      else if (answer.status === 404) localStorage.removeItem(PREFIX + offer);
      else throw new Error(String(answer.status));
    } catch {
      state("waiting");
      later(offer, 3000);
    } finally {
      saving.delete(offer);
    }
  }

  function confirm(offer, sent, answer, saved) {
    const field = desk.querySelector(`[data-note="${offer}"]`);
    if (field) field.dataset.revision = answer.revision;
    const now = kept(offer);
    if (saved && now.note === sent.note) {
      localStorage.removeItem(PREFIX + offer);
      state("saved");
      return;
    }
    // somebody wrote elsewhere, in another window: nothing of either is dropped
    const missing = saved || now.note.includes(answer.note) ? "" : `${answer.note}\n`;
    keep(offer, { ...now, note: missing + now.note, revision: answer.revision });
    if (field && missing) field.value = missing + now.note;
    later(offer, 0);
  }

  function state(word) {
    const field = desk.querySelector("[data-note]");
    const place = document.getElementById("note-state");
    if (field && place) place.textContent = field.dataset[word];
  }

  function saveAll() {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) later(key.slice(PREFIX.length), 0);
  }

  // A call: sound, title, a notification of the browser, and words for screen readers.
  let sounds = null;

  function ring(here) {
    document.title = `☎ ${here.dataset.announce}`;
    document.getElementById("announce").textContent = here.dataset.announce;
    beep();
    sounds = setInterval(beep, 3000);
    if (window.Notification?.permission === "granted" && document.hidden) {
      new Notification(here.dataset.announce, { tag: "call" });
    }
  }

  function quiet() {
    document.title = title;
    document.getElementById("announce").textContent = "";
    clearInterval(sounds);
  }

  function beep() {
    try {
      const audio = new AudioContext();
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = 660;
      volume.gain.setValueAtTime(0.15, audio.currentTime);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.8);
      tone.connect(volume).connect(audio.destination);
      tone.start();
      tone.stop(audio.currentTime + 0.8);
      tone.onended = () => audio.close();
    } catch { /* a browser without sound: the telephone rings */ }
  }

  function offerToNotify() {
    for (const one of desk.querySelectorAll("[data-notify]")) {
      one.hidden = window.Notification?.permission !== "default";
    }
  }

  function tick() {
    for (const one of desk.querySelectorAll(".timer")) {
      const gone = Math.max(0, Math.floor((Date.now() - Date.parse(one.dataset.since)) / 1000));
      const two = (number) => String(number).padStart(2, "0");
      const hours = Math.floor(gone / 3600);
      one.textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(gone / 60) % 60)}:${two(gone % 60)}`;
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    desk.querySelector(`[data-key="${event.key.toLowerCase()}"]:not([disabled])`)?.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-notify]")) window.Notification?.requestPermission().then(offerToNotify);
  });
  addEventListener("online", saveAll);
  addEventListener("pagehide", saveAll);
  setInterval(tick, 1000);
  arrive();
  saveAll();
})();
