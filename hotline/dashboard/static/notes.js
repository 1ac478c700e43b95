// What is written at the desk: every letter is kept on this device until the server has confirmed it, and so are
// the other fields of a write-up until it is sent. All windows of a browser write on the same draft.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  const NOTE = `note:${desk.dataset.account}:`;
  const FORM = `form:${desk.dataset.account}:`;
  const SOON = 700;
  const AGAIN = 3000;
  const A_WEEK = 7 * 24 * 3600_000;
  const timers = new Map();
  const saving = new Set();

  const keep = (key, value) => localStorage.setItem(key, JSON.stringify(value));
  const kept = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
  const fieldOf = (offer) => desk.querySelector(`[data-note="${offer}"]`);
  const headers = () => ({
    "Content-Type": "application/json",
    ...JSON.parse(document.body.getAttribute("hx-headers")),
  });

  document.addEventListener("scene", () => {
    const field = desk.querySelector("[data-note]");
    if (field) takeUp(field);
    const form = desk.querySelector("[data-finish]");
    if (form) fillIn(form);
  });

  function takeUp(field) {
    const draft = kept(NOTE + field.dataset.note);
    if (draft && draft.note !== field.value) {
      field.value = draft.note;
      later(field.dataset.note, 0);
    }
  }

  desk.addEventListener("input", ({ target: field }) => {
    if (field.dataset.note === undefined) return;
    keep(NOTE + field.dataset.note, {
      note: field.value, revision: Number(field.dataset.revision), address: field.dataset.save,
    });
    later(field.dataset.note, SOON);
  });

  // Another window of this browser has written.
  addEventListener("storage", ({ key, newValue }) => {
    const field = key?.startsWith(NOTE) && fieldOf(key.slice(NOTE.length));
    if (!field) return;
    // it has been saved there: what we write next is made of that
    if (!newValue) { htmx.trigger(document.body, "me"); return; }
    const draft = JSON.parse(newValue);
    field.dataset.revision = draft.revision;
    if (field.value !== draft.note) field.value = draft.note;
  });

  // Somebody has written elsewhere, on another device perhaps, and nothing here waits to be saved.
  document.addEventListener("fresh", ({ detail: fresh }) => {
    const theirs = fresh.querySelector("[data-note]");
    const field = theirs && fieldOf(theirs.dataset.note);
    if (!field || kept(NOTE + field.dataset.note)) return;
    if (Number(theirs.dataset.revision) <= Number(field.dataset.revision)) return;
    field.dataset.revision = theirs.dataset.revision;
    field.value = theirs.value;
  });

  function later(offer, wait) {
    clearTimeout(timers.get(offer));
    timers.set(offer, setTimeout(() => save(offer), wait));
  }

  async function save(offer) {
    const draft = kept(NOTE + offer);
    if (!draft) return;
    if (saving.has(offer)) { later(offer, 300); return; }
    saving.add(offer);
    try {
      const answer = await fetch(draft.address, {
        method: "POST", headers: headers(), redirect: "error",
        body: JSON.stringify({ revision: draft.revision, note: draft.note }),
      });
      await heard(offer, draft, answer);
    } catch {
      state(offer, "waiting");
      later(offer, AGAIN);
    } finally {
      saving.delete(offer);
    }
  }

  async function heard(offer, draft, answer) {
    if (answer.ok || answer.status === 409) confirm(offer, draft, await answer.json(), answer.ok);
    else if (answer.status === 404) localStorage.removeItem(NOTE + offer);
    else if (answer.status === 422) state(offer, "long");
    // logged in anew elsewhere: the page takes up the draft again
    else if (answer.headers.get("X-Refused") === "session") location.reload();
    else throw new Error(String(answer.status));
  }

  function confirm(offer, sent, answer, saved) {
    const field = fieldOf(offer);
    if (field) field.dataset.revision = answer.revision;
    const now = kept(NOTE + offer);
    if (!now) return;
    if (saved && now.note === sent.note) {
      localStorage.removeItem(NOTE + offer);
      state(offer, "saved");
      return;
    }
    // somebody wrote elsewhere: nothing of either is dropped
    const missing = saved || now.note.includes(answer.note) ? "" : `${answer.note}\n`;
    keep(NOTE + offer, { ...now, note: missing + now.note, revision: answer.revision });
    if (field && missing) field.value = missing + now.note;
    later(offer, 0);
  }

  function state(offer, word) {
    const place = document.getElementById("note-state");
    const field = fieldOf(offer);
    if (field && place) place.textContent = field.dataset[word];
  }

  // The rest of a write-up: a call that rings may take it off the page.
  const rest = (form) => [...form.elements].filter((one) => one.name && one.name !== "note");

  desk.addEventListener("input", ({ target }) => {
    const form = target.closest("[data-finish]");
    if (!form) return;
    const values = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "note"));
    keep(FORM + form.dataset.finish, { at: Date.now(), values });
  });

  function fillIn(form) {
    const draft = kept(FORM + form.dataset.finish);
    for (const field of draft ? rest(form) : []) {
      const value = draft.values[field.name];
      if (field.type === "radio") field.checked = field.value === value;
      else if (value !== undefined) field.value = value;
    }
  }

  desk.addEventListener("htmx:afterSwap", ({ detail: { requestConfig } }) => {
    const sent = requestConfig.elt.dataset?.finish;
    if (sent && !desk.querySelector(`[data-finish="${sent}"]`)) localStorage.removeItem(FORM + sent);
  });

  function saveAll() {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(NOTE)) later(key.slice(NOTE.length), 0);
      if (key.startsWith(FORM) && Date.now() - kept(key).at > A_WEEK) localStorage.removeItem(key);
    }
  }

  addEventListener("online", saveAll);
  addEventListener("pagehide", saveAll);
  saveAll();
})();
