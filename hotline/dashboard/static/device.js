// What this device keeps. Where it keeps nothing, because it is full or the browser may not, the page does, for as long
// as it is open.
"use strict";

const device = (() => {
  const here = new Map();

  function tried(work, otherwise) {
    try { return work(); } catch { return otherwise; }
  }

  // Whether the device itself has it.
  function keep(key, value) {
    const text = JSON.stringify(value);
    const isKept = tried(() => { localStorage.setItem(key, text); return true; }, false);
    if (isKept) here.delete(key);
    else here.set(key, text);
    return isKept;
  }

  function kept(key) {
    const text = here.get(key) ?? tried(() => localStorage.getItem(key), null) ?? "null";
    return tried(() => JSON.parse(text), text);
  }

  function forget(key) {
    here.delete(key);
    tried(() => localStorage.removeItem(key));
  }

  function keys(prefix) {
    const all = new Set([...here.keys(), ...tried(() => Object.keys(localStorage), [])]);
    return [...all].filter((key) => key.startsWith(prefix));
  }

  return { keep, kept, forget, keys, isHereAlone: (key) => here.has(key) };
})();
