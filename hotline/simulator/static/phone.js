// What all telephones share: keys by hand and by keyboard, buttons, and focus that is never lost.

import * as carrier from "./carrier.js"
import * as sounds from "./sounds.js"
import { say } from "./words.js"

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

export function show(element, wanted) {
  element.hidden = !wanted
}

// `now()` gives the telephone as it is: { leg, canPress }.
export function wire(section, now, { refused, pressed = () => {}, deeds = {} }) {
  const run = async (deed) => {
    try {
      await deed()
    } catch (error) {
      refused(error)
    }
  }
  const pressKey = (key) => {
    const { leg, canPress } = now()
    if (!leg || !canPress) return
    sounds.wake()
    sounds.keyTone(key)
    flash(section.querySelector(`[data-key="${key}"]`))
    pressed()
    run(() => carrier.press(leg, key))
  }
  section.addEventListener("click", (event) => {
    const button = event.target.closest("button")
    if (!button) return
    sounds.wake()
    if (button.dataset.key) pressKey(button.dataset.key)
    if (button.dataset.do) {
      // The button goes away with the state that it belongs to; the telephone keeps the focus.
      section.focus()
      run(() => (deeds[button.dataset.do] ?? (() => carrier.act(now().leg, button.dataset.do)))())
    }
  })
  // Only for the telephone that has the focus: digits typed elsewhere on the page mean nothing.
  section.addEventListener("keydown", (event) => {
    const typing = event.target.matches("select, input") || event.ctrlKey || event.metaKey || event.altKey
    if (typing || event.repeat || !/^[0-9*#]$/.test(event.key)) return
    event.preventDefault()
    pressKey(event.key)
  })
}

function flash(button) {
  button.classList.add("pressed")
  setTimeout(() => button.classList.remove("pressed"), 160)
}

// Shows the buttons of `deeds` alone; if the focus was on one that goes, the telephone takes it.
export function offer(section, deeds) {
  const focused = section.contains(document.activeElement) ? document.activeElement : null
  for (const button of section.querySelectorAll("[data-do]")) show(button, deeds.includes(button.dataset.do))
  if (focused?.hidden || focused?.closest("[hidden]")) section.focus({ preventScroll: true })
}

// A sentence of more letters is set smaller, so that keys and words stay on one screen.
const LONG = 110
const HEARD = { ringing: "hear_ringing", music: "hear_music", beep: "hear_beep" }

// What is played to somebody who waits in a queue is music to them.
export function wordsOf(heard) {
  if (heard.by === "say") return heard.text
  if (heard.by === "play") return say(heard.waiting ? "hear_music" : "hear_sound")
  return say(HEARD[heard.text] ?? "hear_sound")
}

export function hears(element, text, language) {
  setText(element, text)
  element.toggleAttribute("data-long", text.length > LONG)
  if (language) element.lang = language
  else element.removeAttribute("lang")
}
