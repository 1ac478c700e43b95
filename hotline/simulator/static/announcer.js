// Tells screen readers what has changed: few words, and not more often than they can be listened to.

import { national, say, thePhoneOf } from "./words.js"

const BETWEEN = 1_500
const WORDS = { ringing: "phone_rings", in_call: "phone_connected", idle: "phone_free" }

export class Announcer {
  #waiting = []
  #timer = null
  #states = null
  #caller = null

  constructor(region) {
    this.region = region
  }

  say(words) {
    this.#waiting.push(words)
    this.#timer ??= setTimeout(() => this.#speak(), 0)
  }

  // The states of all telephones: what differs from last time is said, the first time nothing.
  phones(phones, callerWords) {
    const before = this.#states
    this.#states = new Map(phones.map((one) => [one.number, state(one)]))
    if (before !== null) {
      if (callerWords !== this.#caller) this.say(callerWords)
      for (const phone of phones) this.#sayChange(phone, before.get(phone.number))
    }
    this.#caller = callerWords
  }

  #sayChange(phone, before) {
    const now = state(phone)
    const spoken = before !== undefined && before !== now && !(before === "ringing" && now === "idle")
    if (!spoken || now === "online") return
    const name = phone.name || national(phone.number)
    const the = thePhoneOf(name)
    this.say(say(WORDS[now], { name, phone: the }))
  }

  #speak() {
    this.region.textContent = this.#waiting.splice(0).join(" ")
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (this.#waiting.length) this.#speak()
    }, BETWEEN)
  }
}

const state = (phone) => (phone.state === "in_call" && !phone.talking_to ? "online" : phone.state)
