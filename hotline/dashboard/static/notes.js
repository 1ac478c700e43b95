// What is written at the desk: every letter is kept on this device until the server has confirmed it, and so are
// the other fields of a write-up until it is sent. All windows of a browser write on the same draft.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  const spoken = document.getElementById("note-spoken");
  const NOTE = `note:${desk.dataset.account}:`;
  const SEEN = `seen:${desk.dataset.account}:`;
  const FORM = `form:${desk.dataset.account}:`;
  const SOON = 700;
  const AGAIN = 3000;
  const SLOW = 1500;
  const GIVEN_UP = 8000;
  const A_WEEK = 7 * 24 * 3600_000;
  const ME = String(Math.random());
  const timers = new Map();
  const saving = new Set();
  // what the server has of a note, as far as this page knows
  const known = new Map();
  // what was typed here last, unless another window has written since
  const typed = new Map();
  // what was sent and never answered: it may have come there all the same
  const unanswered = new Map();

  const { keep, kept, forget } = device;
  const fieldOf = (offer) => desk.querySelector(`[data-note="${offer}"]`);
  const headers = () => ({
    "Content-Type": "application/json",
    ...JSON.parse(document.body.getAttribute("hx-headers")),
  });

  document.addEventListener("scene", () => {
    const field = desk.querySelector("[data-note]");
    if (field) takeUp(field);
    for (const key of device.keys(SEEN)) {
      if (key !== SEEN + field?.dataset.note) forget(key);
    }
    const form = desk.querySelector("[data-finish]");
    if (form) fillIn(form);
  });

  function takeUp(field) {
    const offer = field.dataset.note;
    const draft = kept(NOTE + offer);
    if (!draft) known.set(offer, field.value);
    if (!draft || draft.note === field.value) return;
    field.value = draft.note;
    measure(field);
    later(offer, 0);
  }

  // The caret of whoever is in the field stays where it was, as far as the text is the same.
  function put(field, text) {
    if (field.value === text) return;
    const { value, selectionStart: from, selectionEnd: to, scrollTop } = field;
    let same = 0;
    while (same < value.length && value[same] === text[same]) same += 1;
    const place = (at) => (at <= same ? at : Math.max(same, text.length - (value.length - at)));
    field.value = text;
    measure(field);
    if (document.activeElement !== field) return;
    field.setSelectionRange(place(from), place(to));
    field.scrollTop = scrollTop;
  }

  desk.addEventListener("input", ({ target: field }) => {
    if (field.dataset.note !== undefined) written(field);
  });

  const tooMany = (field) => [...field.value].length - Number(field.dataset.most);

  // Nothing is cut off: whoever shortens it decides what goes. A form is not sent meanwhile.
  function measure(field) {
    const over = tooMany(field);
    field.setCustomValidity(over > 0 ? filledIn(field.dataset.long, over) : "");
    return over > 0;
  }

  const filledIn = (words, over) => words?.replace("{over}", over.toLocaleString(document.documentElement.lang)) ?? "";

  function written(field) {
    const { note: offer, revision, save: address } = field.dataset;
    const made = kept(NOTE + offer)?.made ?? known.get(offer) ?? "";
    keep(NOTE + offer, { note: field.value, revision: Number(revision), address, made, by: ME });
    typed.set(offer, field.value);
    unsaved(field);
    later(offer, SOON);
  }

  // At once, but in silence: what is said aloud waits until nothing more is typed.
  function unsaved(field) {
    const offer = field.dataset.note;
    if (measure(field)) show(offer, long(offer));
    else if (["saved", "long", "longHere"].includes(shown())) show(offer, "unsaved");
  }

  // Another window of this browser has written.
  addEventListener("storage", ({ key, newValue }) => {
    const field = key?.startsWith(NOTE) && fieldOf(key.slice(NOTE.length));
    if (!field) return;
    // it has been saved there: what we write next is made of that
    if (!newValue) { savedElsewhere(field); return; }
    const draft = JSON.parse(newValue);
    typed.delete(field.dataset.note);
    field.dataset.revision = draft.revision;
    put(field, draft.note);
    unsaved(field);
  });

  function savedElsewhere(field) {
    const seen = kept(SEEN + field.dataset.note);
    const here = typed.get(field.dataset.note);
    // a letter was typed here just as it was saved there: the draft went with it
    if (seen && here !== undefined && here !== seen.note && here === field.value) { written(field); return; }
    allSaved(field);
    htmx.trigger(document.body, "me");
  }

  // Somebody has written elsewhere, on another device perhaps, and nothing here waits to be saved.
  document.addEventListener("fresh", ({ detail: fresh }) => {
    const theirs = fresh.querySelector("[data-note]");
    const field = theirs && fieldOf(theirs.dataset.note);
    if (!field || kept(NOTE + field.dataset.note)) return;
    allSaved(field);
    if (Number(theirs.dataset.revision) <= Number(field.dataset.revision)) return;
    field.dataset.revision = theirs.dataset.revision;
    known.set(field.dataset.note, theirs.value);
    put(field, theirs.value);
  });

  // Whichever window has saved it: what was said of a draft is true no more.
  function allSaved(field) {
    const offer = field.dataset.note;
    if (!kept(NOTE + offer) && shown()) state(offer, "saved");
  }

  function later(offer, wait) {
    clearTimeout(timers.get(offer));
    timers.set(offer, setTimeout(() => save(offer), wait));
  }

  // With the revision that another window has saved meanwhile.
  function latest(offer) {
    const [draft, seen] = [kept(NOTE + offer), kept(SEEN + offer)];
    const isOlder = draft && seen?.revision > draft.revision;
    return isOlder ? { ...draft, revision: seen.revision, made: seen.note } : draft;
  }

  async function save(offer, isLast = false) {
    const draft = latest(offer);
    if (!draft) return;
    const field = fieldOf(offer);
    // it would be refused for ever
    if (field && tooMany(field) > 0) { state(offer, long(offer)); return; }
    if (saving.has(offer)) { later(offer, 300); return; }
    saving.add(offer);
    const slow = setTimeout(() => { if (["", "unsaved"].includes(shown())) show(offer, "saving"); }, SLOW);
    try {
      await send(offer, draft, isLast);
    } catch {
      state(offer, device.isHereAlone(NOTE + offer) ? "unkept" : "waiting");
      later(offer, AGAIN);
    } finally {
      clearTimeout(slow);
      saving.delete(offer);
    }
  }

  // A server that hangs never answers: it is asked again.
  async function send(offer, draft, isLast) {
    const ending = new AbortController();
    const limit = setTimeout(() => ending.abort(), GIVEN_UP);
    if (!unanswered.has(offer)) unanswered.set(offer, new Set());
    unanswered.get(offer).add(draft.note);
    try {
      const answer = await fetch(draft.address, {
        method: "POST", headers: headers(), redirect: "error", keepalive: isLast, signal: ending.signal,
        body: JSON.stringify({ revision: draft.revision, note: draft.note }),
      });
      await heard(offer, draft, answer);
    } finally {
      clearTimeout(limit);
    }
  }

  async function heard(offer, draft, answer) {
    const refused = answer.headers.get("X-Refused");
    if (answer.ok) confirm(offer, draft, await answer.json(), true);
    else if (answer.status === 409) conflict(offer, await answer.json());
    // the hotline says so itself: whoever stands in front of it may know no better
    else if (refused === "not_theirs") forget(NOTE + offer);
    else if ([413, 422].includes(answer.status)) state(offer, long(offer));
    // logged in anew elsewhere: the page takes up the draft again
    else if (refused === "session") location.reload();
    else throw new Error(String(answer.status));
  }

  // It may be a note of ours that has come there before, with the form of the write-up or without an answer.
  function conflict(offer, answer) {
    confirm(offer, answer, answer, unanswered.get(offer).has(answer.note));
  }

  function confirm(offer, sent, answer, saved) {
    const field = fieldOf(offer);
    const now = kept(NOTE + offer);
    unanswered.delete(offer);
    // without a draft, what the field shows is not made of what is there now
    if (field && (now || saved)) field.dataset.revision = answer.revision;
    if (!now) return;
    known.set(offer, saved ? sent.note : answer.note);
    if (saved) keep(SEEN + offer, { revision: answer.revision, note: sent.note });
    if (saved && now.note === sent.note) {
      forget(NOTE + offer);
      state(offer, "saved");
      return;
    }
    // another window is being written in, and saves that itself: nothing is written over it
    if (now.by !== ME && now.note !== sent.note) { later(offer, AGAIN); return; }
    const note = saved ? now.note : both(now.made, now.note, answer.note);
    keep(NOTE + offer, { ...now, note, revision: answer.revision, made: known.get(offer) });
    if (field) put(field, note);
    later(offer, 0);
  }

  // Somebody wrote elsewhere: nothing of either is dropped, and what both are made of stands once.
  function both(made, mine, theirs) {
    if (mine.includes(theirs)) return mine;
    if (theirs.includes(mine)) return theirs;
    const wroteOn = made && mine.startsWith(made) && theirs.startsWith(made);
    return `${theirs}\n${wroteOn ? mine.slice(made.length).trimStart() : mine}`;
  }

  const stateOf = () => document.getElementById("note-state");
  const shown = () => stateOf()?.dataset.shows ?? "";
  const long = (offer) => (device.isHereAlone(NOTE + offer) ? "longHere" : "long");

  function show(offer, word) {
    const [place, field] = [stateOf(), fieldOf(offer)];
    if (!field || !place) return "";
    place.dataset.shows = word;
    place.textContent = filledIn(field.dataset[word], tooMany(field));
    return place.textContent;
  }

  // Aloud too, where it is not what was said last.
  function state(offer, word) {
    const words = show(offer, word);
    if (words && spoken.textContent !== words) spoken.textContent = words;
  }

  // The rest of a write-up: a call that rings may take it off the page.
  const rest = (form) => [...form.elements].filter((one) => one.name && one.name !== "note");

  desk.addEventListener("input", ({ target }) => {
    const form = target.closest("[data-finish]");
    if (!form || target.name === "note") return;
    const values = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "note"));
    keep(FORM + form.dataset.finish, { at: Date.now(), values });
  });

  function fillIn(form) {
    const draft = kept(FORM + form.dataset.finish);
    for (const field of draft ? rest(form) : []) {
      const value = draft.values[field.name];
      if (value === undefined) continue;
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }

  desk.addEventListener("htmx:afterSwap", ({ detail: { requestConfig } }) => {
    const sent = requestConfig?.elt.dataset?.finish;
    if (sent && !desk.querySelector(`[data-finish="${sent}"]`)) forget(FORM + sent);
  });

  // The note goes with the write-up too, and what it is made of: the page may be closed right after.
  desk.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => {
    const field = elt.dataset.finish && fieldOf(elt.dataset.finish);
    if (field) parameters.revision = (latest(elt.dataset.finish) ?? field.dataset).revision;
  });

  const drafts = () => device.keys(NOTE).map((key) => key.slice(NOTE.length));
  const saveAll = () => drafts().forEach((offer) => later(offer, 0));

  addEventListener("online", saveAll);
  addEventListener("pagehide", () => drafts().forEach((offer) => save(offer, true)));
  for (const key of device.keys(FORM)) if (Date.now() - kept(key).at > A_WEEK) forget(key);
  saveAll();
})();
