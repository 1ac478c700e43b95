// Parts of a scene that follow the truth while the rest of it stays, because somebody talks or writes there.
// Hears "kept" from the desk: what the server has of the scene that stays. Tells by "renewed" that parts are new.
"use strict";

(() => {
  const desk = document.getElementById("desk");
  const spoken = document.getElementById("spoken");
  const EVERY = 2000;
  let ahead = 0;

  document.addEventListener("kept", ({ detail: fresh }) => {
    for (const part of desk.querySelectorAll("[data-part]")) {
      const theirs = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (theirs) renew(part, theirs);
    }
    endAs(fresh);
    document.dispatchEvent(new CustomEvent("renewed", { detail: desk.querySelector(".scene") }));
  });

  function renew(part, theirs) {
    // the answer to what was pressed there is on its way
    if (part.querySelector(".htmx-request")) return;
    // what is wrong with a number is said until there is another one
    if (part.querySelector("[aria-invalid]") && theirs.querySelector("[name=number], [name=corrected]")) return;
    part.querySelector("[autofocus]")?.removeAttribute("autofocus");
    for (const one of theirs.querySelectorAll("details[id]")) one.open = document.getElementById(one.id)?.open ?? false;
    if (part.isEqualNode(theirs)) return;
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const list = part.closest("select");
    const chosen = list?.value;
    htmx.swap(part, theirs.outerHTML, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
    if (list) choose(list, chosen);
    if (focused && !focused.isConnected) focusLike(focused);
  }

  function choose(list, value) {
    list.value = value;
    if (list.selectedIndex >= 0) return;
    list.value = "";
    // whoever was chosen is not there any more
    const gone = list.form?.querySelector("[data-gone]");
    if (gone) gone.hidden = false;
  }

  // htmx finds again what has an id.
  function focusLike(before) {
    if (document.activeElement !== document.body) return;
    const address = before.getAttribute("hx-post");
    const same = address && desk.querySelector(`[hx-post="${address}"]`);
    const heading = desk.querySelector("h1");
    heading.tabIndex = -1;
    (same || heading).focus({ preventScroll: true });
  }

  // How the talk ended is known by now: chosen for whoever has chosen nothing.
  function endAs(fresh) {
    const form = desk.querySelector("[data-finish]");
    const known = fresh.querySelector("[name=disposition]:checked");
    if (!form || !known || form.querySelector("[name=disposition]:checked")) return;
    form.querySelector(`[name=disposition][value="${known.value}"]`).checked = true;
    form.elements.passed_to.value ||= fresh.querySelector("[name=passed_to]").value;
  }

  // What became of a call that was handed on is said once.
  function speak() {
    const words = desk.querySelector("[data-spoken]")?.textContent.trim() ?? "";
    if (spoken.textContent !== words) spoken.textContent = words;
  }

  // Who is free changes with every call: it is asked while somebody chooses to whom they hand one on.
  function follow() {
    clearTimeout(ahead);
    if (!desk.querySelector("[data-choosing][open]")) return;
    htmx.trigger(document.body, "me");
    ahead = setTimeout(follow, EVERY);
  }

  desk.addEventListener("change", ({ target }) => {
    const gone = target.form?.querySelector("[data-gone]");
    if (gone && target.value) gone.hidden = true;
  });
  desk.addEventListener("toggle", ({ target }) => { if (target.matches("[data-choosing]")) follow(); }, true);
  document.addEventListener("scene", follow);
  for (const happening of ["scene", "renewed"]) document.addEventListener(happening, speak);
  speak();
})();
