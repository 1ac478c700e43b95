// The mediators' telephones: each rings, is answered or rejected, hears its announcement and presses keys.

import { hears, offer, setText, show, wire, wordsOf } from "./phone.js"
import { Prompts } from "./prompts.js"
import { national, say, withThe } from "./words.js"

export class Mediators {
  #cards = new Map()

  constructor({ refused }) {
    this.refused = refused
    this.place = document.querySelector("[data-mediators]")
    this.template = document.querySelector("#mediator")
    this.empty = document.querySelector("[data-no-mediators]")
  }

  update(phones, calls, { afresh }) {
    show(this.empty, phones.length === 0)
    this.#forget(phones)
    for (const phone of phones) {
      const call = calls.find((one) => one.sid === phone.leg) ?? null
      this.#card(phone).update(phone, call, afresh)
    }
  }

  #card(phone) {
    if (!this.#cards.has(phone.number)) {
      const section = this.template.content.firstElementChild.cloneNode(true)
      section.id = `phone-${phone.number.slice(1)}`
      this.place.append(section)
      this.#cards.set(phone.number, new Card(section, this.refused))
    }
    return this.#cards.get(phone.number)
  }

  #forget(phones) {
    const known = new Set(phones.map((one) => one.number))
    for (const [number, card] of this.#cards) {
      if (known.has(number)) continue
      card.section.remove()
      this.#cards.delete(number)
    }
  }
}

class Card {
  #phone = null
  #call = null
  #prompts = new Prompts()

  constructor(section, refused) {
    this.section = section
    this.find = (name) => section.querySelector(`[data-${name}]`)
    const now = () => ({ leg: this.#phone?.leg, canPress: this.#phone?.state === "in_call" })
    const pressed = () => this.#call?.gathering && this.#prompts.stop()
    wire(section, now, { refused, pressed })
  }

  update(phone, call, afresh) {
    this.#phone = phone
    this.#call = call
    const name = phone.name || national(phone.number)
    this.section.setAttribute("aria-label", say("phone_of", { name }))
    setText(this.find("name"), name)
    setText(this.find("own"), national(phone.number))
    this.#draw(phone, call)
    this.#prompts.update(phone.state === "in_call" ? call : null, afresh)
  }

  #draw(phone, call) {
    const kind = phone.state === "in_call" && !phone.talking_to ? "online" : phone.state
    this.section.dataset.state = kind
    setText(this.find("state-words"), say(`state_${kind}`))
    const words = WORDS[kind](phone, call)
    show(this.find("hears"), Boolean(words.text))
    hears(this.find("hears"), words.text, words.language)
    show(this.find("hint"), Boolean(words.hint))
    setText(this.find("hint"), words.hint ?? "")
    // While two people talk their keys reach nobody.
    show(this.find("keypad"), kind === "online")
    offer(this.section, DEEDS[phone.state])
  }
}

const DEEDS = { idle: [], ringing: ["answer", "reject"], in_call: ["hang-up"] }

const WORDS = {
  idle: () => ({ text: "" }),
  ringing: (phone) => ({ text: say("shows", { number: withThe(phone.shows) }) }),
  in_call: (phone) => ({
    text: say("connected", { name: withThe(phone.talking_to) }),
    hint: say("here_you_talk"),
  }),
  online: (_, call) => {
    const heard = call?.heard.at(-1)
    const hint = call?.gathering ? say("may_press") : ""
    if (!heard) return { text: say("hear_nothing"), hint }
    return { text: wordsOf(heard), language: heard.by === "say" ? heard.language : "", hint }
  },
}
