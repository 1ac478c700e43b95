// A call: sound, title, a notification of the browser, and words for screen readers.
// Hears "scene" from the desk: what it shows now, and "renewed": what has changed in it. On other pages a banner of its
// own says that the telephone rings.
"use strict";

(() => {
  const banner = document.getElementById("ringing");
  const announce = document.getElementById("announce");
  const title = document.title;
  const EVERY = 3000;
  let audio = null;
  let sounds = 0;
  let notification = null;
  let rung = "";
  let shown = "";
  let waits = "";

  document.addEventListener("scene", ({ detail: { here, isNew } }) => {
    offer();
    rings(here, isNew);
    comesBack(here);
  });
  document.addEventListener("renewed", ({ detail: here }) => comesBack(here));

  // A call has words for as long as the telephone rings: not when it was taken up, or is about to stop.
  function rings(here, isNew) {
    const words = here.dataset.announce ?? "";
    if (!isNew && words === rung) return;
    rung = words;
    waits = "";
    quiet();
    if (words) ring(words);
  }

  // Somebody waits for whoever writes: that is said, and heard, once.
  function comesBack(here) {
    const now = here.querySelector("[data-waits]");
    const words = now?.dataset.waits ?? "";
    if (words === waits) return;
    waits = words;
    quiet();
    if (now) call(words, now.textContent);
  }

  // The same ring, looked up once more, is no news: whoever is on its link stays there.
  banner?.addEventListener("htmx:beforeSwap", ({ detail: { xhr }, detail }) => {
    if (xhr.status === 200 && xhr.responseText === shown) detail.shouldSwap = false;
    else if (xhr.status === 200) shown = xhr.responseText;
  });
  banner?.addEventListener("htmx:afterSwap", () => {
    const now = banner.querySelector("[data-offer]")?.dataset ?? {};
    const news = now.announce ? `${now.offer}:${now.announce}` : "";
    if (news === rung) return;
    rung = news;
    quiet();
    // somebody who waits is heard once
    if (news && now.once !== undefined) call(now.announce, banner.querySelector("strong").textContent);
    else if (news) ring(now.announce);
  });

  function ring(words) {
    call(words, words);
    sounds = setInterval(beep, EVERY);
  }

  function call(words, more) {
    document.title = `☎ ${words}`;
    announce.textContent = more;
    beep();
    if (window.Notification?.permission === "granted" && !document.hasFocus()) notify(words);
  }

  function quiet() {
    document.title = title;
    announce.textContent = "";
    clearInterval(sounds);
    notification?.close();
    notification = null;
  }

  function notify(words) {
    try {
      notification = new Notification(words, { tag: "call" });
      notification.onclick = () => { focus(); notification?.close(); };
    } catch { /* telephones' browsers know them from workers alone */ }
  }

  // Browsers are silent until somebody has clicked or typed on the page.
  function sound() {
    if (!window.AudioContext) return null;
    audio ??= new AudioContext();
    return audio;
  }

  const isMute = () => sound()?.state === "suspended";

  function beep() {
    const here = sound();
    if (here?.state !== "running") return;
    const tone = here.createOscillator();
    const volume = here.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.15, here.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, here.currentTime + 0.8);
    tone.connect(volume).connect(here.destination);
    tone.start();
    tone.stop(here.currentTime + 0.8);
  }

  async function wake() {
    if (isMute()) await sound().resume().catch(() => {});
    offer();
  }

  // What the browser has not allowed yet is offered.
  function offer() {
    for (const one of document.querySelectorAll("[data-notify]")) {
      one.hidden = window.Notification?.permission !== "default";
    }
    for (const one of document.querySelectorAll("[data-sound]")) one.hidden = !isMute();
  }

  for (const happening of ["click", "keydown"]) addEventListener(happening, wake);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-notify]")) window.Notification?.requestPermission().then(offer);
    if (event.target.closest("[data-sound]")) wake().then(beep);
  });
})();
