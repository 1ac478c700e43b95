// The caller's telephone: places a call, hears the line, presses keys; it also rings when called back.

import * as carrier from "./carrier.js"
import { recall, remember, thisTab } from "./memory.js"
import { hears, offer, setText, show, wire, wordsOf } from "./phone.js"
import { Prompts } from "./prompts.js"
import * as sounds from "./sounds.js"
import { national, say } from "./words.js"

export class Caller {
  #call = null // the call at this telephone, open or the last one
  #ringing = false
  #placing = false
  #talking = false
  #wasOpen = false
  #prompts = new Prompts()

  constructor(section, { refused, calling }) {
    this.section = section
    this.calling = calling
    this.find = (name) => section.querySelector(`[data-${name}]`)
    this.#remember()
    const now = () => ({ leg: this.#call?.sid, canPress: this.#isOpen() && !this.#ringing })
    const pressed = () => this.#call?.gathering && this.#prompts.stop()
    const failed = (error) => {
      this.#placing = false
      this.#buttons()
      refused(error)
    }
    wire(section, now, { refused: failed, pressed, deeds: { call: () => this.#place() } })
  }

  get isRinging() {
    return this.#ringing
  }

  #remember() {
    const from = this.find("from")
    const kept = recall("caller", thisTab)
    if ([...from.options].some((one) => one.value === kept)) from.value = kept
    from.addEventListener("change", () => remember("caller", from.value, thisTab))
  }

  async #place() {
    this.#placing = true
    this.calling()
    this.#buttons()
    sounds.ringback.set(true)
    const { sid } = await carrier.placeCall(this.find("from").value, this.find("line").value)
    this.#call = { sid, status: "ringing", heard: [] }
    this.#placing = false
  }

  update(state, { names, afresh }) {
    this.#lines(state.lines)
    this.#call = this.#find(state) ?? (afresh ? null : this.#call)
    this.#prompts.update(this.#ringing ? null : this.#call, afresh)
    this.#draw(names)
    this.#sound()
  }

  #lines(lines) {
    const line = this.find("line")
    const numbers = lines.map((one) => one.number)
    if ([...line.options].map((one) => one.value).join() !== numbers.join()) {
      line.replaceChildren(...lines.map((one) => new Option(one.name || national(one.number), one.number)))
    }
    show(this.find("line-choice"), numbers.length > 1)
    setText(this.find("number"), line.value ? national(line.value) : say("no_line"))
  }

  // The call at this number; a hidden number has no telephone, so its call is known by this page alone.
  #find(state) {
    const from = this.find("from")
    const idle = !this.#isOpen() && !this.#placing
    const called = idle && state.phones.find((one) => one.state === "ringing" && has(from, one.number))
    if (called) from.value = called.number
    const phone = state.phones.find((one) => one.number === from.value)
    this.#ringing = phone?.state === "ringing"
    const sid = (from.value === "anonymous" ? null : phone?.leg) ?? this.#call?.sid
    return state.calls.find((one) => one.sid === sid)
  }

  #isOpen() {
    return ["queued", "initiated", "ringing", "in-progress"].includes(this.#call?.status)
  }

  #draw(names) {
    const call = this.#call
    const kind = this.#kind()
    this.section.dataset.state = kind
    setText(this.find("heading"), say(kind === "ringing" ? "line_calls" : "caller_heading"))
    setText(this.find("state-words"), say(`state_${kind}`))
    this.#buttons()
    const words = WORDS[kind](call, names)
    hears(this.find("hears"), words.text, words.language)
    setText(this.find("hint"), words.hint ?? "")
  }

  #kind() {
    if (!this.#call) return "idle"
    if (!this.#isOpen()) return "ended"
    if (this.#ringing) return "ringing"
    if (this.#call.talking_to) return "in_call"
    if (this.#call.in_queue) return "waiting"
    return this.#call.status === "in-progress" ? "online" : "calling"
  }

  #buttons() {
    const open = this.#isOpen() || this.#placing
    offer(this.section, this.#ringing ? ["answer", "reject"] : open ? ["hang-up"] : ["call"])
    this.find("do='call'").disabled = !this.find("line").value
    this.find("do='hang-up'").disabled = this.#placing
    this.find("from").disabled = this.find("line").disabled = open
  }

  #sound() {
    const open = this.#isOpen() && !this.#ringing
    const talking = Boolean(open && this.#call.talking_to)
    const last = this.#call?.heard.at(-1)
    const waits = !last || (last.by === "tone" && last.text === "ringing")
    sounds.ringback.set(open && !talking && waits)
    if (talking && !this.#talking) sounds.chime()
    if (this.#wasOpen && !open) sounds.hungUp()
    this.#talking = talking
    this.#wasOpen = open
  }
}

const has = (select, number) => [...select.options].some((one) => one.value === number)

function latest(call) {
  const heard = call.heard.at(-1)
  const hint = call.recording ? say("may_speak") : call.gathering ? say("may_press") : ""
  if (!heard) return { text: say("hear_ringing"), hint }
  return { text: wordsOf(heard), language: heard.by === "say" ? heard.language : "", hint }
}

const WORDS = {
  idle: () => ({ text: say("hear_idle") }),
  calling: latest,
  online: latest,
  waiting: latest,
  ringing: (call) => ({ text: say("your_phone_rings", { number: national(call.from) }) }),
  in_call: (call, names) => ({
    text: say("connected", { name: names.get(call.talking_to) ?? national(call.talking_to) }),
    hint: say("here_you_talk"),
  }),
  ended: (call) => ({ text: say(call.ended_by ? `ended_by_${call.ended_by}` : "ended") }),
}
