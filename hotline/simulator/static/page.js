// Puts the page together: follows the carrier and tells telephones, trace and listeners of its news.

import { Announcer } from "./announcer.js"
import { Caller } from "./caller.js"
import { follow, Refused } from "./carrier.js"
import { Mediators } from "./mediators.js"
import { setText, show } from "./phone.js"
import * as sounds from "./sounds.js"
import { TraceList } from "./trace.js"
import { language, national, say, thePhoneOf } from "./words.js"

const find = (name) => document.querySelector(`[data-${name}]`)
const announcer = new Announcer(find("announce"))
const trace = new TraceList()
const mediators = new Mediators({ refused })
const caller = new Caller(find("caller"), { refused, calling: () => show(find("failed"), false) })
const failed = find("failed")
const elsewhere = find("elsewhere")
const hearing = find("hears")
const failures = new Map()
let away = false

function refused(error) {
  if (error instanceof Refused) announcer.say(say("refused"))
  else lost(error)
}

function lost(error) {
  away = true
  const words = error instanceof Refused && error.status === 403 ? "forbidden" : "lost"
  setText(find("lost"), say(words))
}

function found() {
  if (!away) return
  away = false
  setText(find("lost"), "")
  announcer.say(say("back"))
}

function news(state, traced) {
  found()
  const choices = new Set([...find("from").options].map((one) => one.value))
  // A telephone without a name is a caller's; those who are chosen here have theirs on the left.
  const phones = state.phones.filter((one) => one.name && !choices.has(one.number))
  const names = new Map(phones.map((one) => [one.number, one.name]))
  caller.update(state, { names, afresh: traced.afresh })
  mediators.update(phones, state.calls, { afresh: traced.afresh })
  trace.update(traced.entries, traced.afresh)
  const connected = find("caller").dataset.state === "in_call"
  announcer.phones(phones, (connected ? hearing : find("state-words")).textContent)
  const ringing = phones.find((one) => one.state === "ringing")
  sounds.ring.set(Boolean(ringing) || caller.isRinging)
  pointTo(ringing)
  for (const entry of traced.entries) watch(entry, traced.afresh)
}

// On a small screen the ringing telephone is out of sight.
function pointTo(phone) {
  show(elsewhere, Boolean(phone))
  if (!phone) return
  elsewhere.href = `#phone-${phone.number.slice(1)}`
  setText(elsewhere, say("go_to_ringing", { phone: thePhoneOf(phone.name || national(phone.number)) }))
}

// A first failure may be mended by the line's fallback address; a second one ends the call.
function watch(entry, old) {
  if (entry.kind === "document") failures.delete(entry.leg)
  if (entry.kind !== "error") return
  const before = failures.get(entry.leg) ?? 0
  failures.set(entry.leg, before + 1)
  if (before > 0 && !old) tellFailure(entry)
}

function tellFailure(entry) {
  setText(failed.querySelector("p"), say("line_failed", { code: entry.code }))
  show(failed, true)
}

// What is heard is not read aloud on top of the voice that says it.
function chooseReading(silent) {
  const unheard = silent || find("no-voice") !== null
  hearing.setAttribute("aria-live", unheard ? "polite" : "off")
}

const sound = find("sound")
sound.checked = !sounds.isSilent()
sound.addEventListener("change", () => sounds.setSilent(!sound.checked))
sounds.whenSilenced(chooseReading)
chooseReading(sounds.isSilent())
failed.querySelector("button").addEventListener("click", () => {
  show(failed, false)
  find("caller").focus({ preventScroll: true })
})

follow(language, { news, lost })
