// Plays at one telephone what the line says and plays to it, each sound as it is heard.

import { isSilent, whenSilenced } from "./sounds.js"

export class Prompts {
  #leg = null
  #heard = 0
  #gathering = false
  #queue = null
  #sound = null

  constructor() {
    whenSilenced((silent) => this.#sound && (this.#sound.muted = silent))
  }

  // `old`: what was heard before this page was opened is not played again.
  update(call, old) {
    if (call?.sid !== this.#leg) this.#begin(call, old)
    if (!call) return
    const news = call.heard.slice(this.#heard)
    this.#heard = call.heard.length
    if (news.length) this.#play(news.at(-1).audio)
    else if (this.#isCutShort(call)) this.stop()
    if (call.ended_at || call.talking_to) this.stop()
    this.#gathering = call.gathering
    this.#queue = call.in_queue
  }

  stop() {
    this.#sound?.pause()
    this.#sound = null
  }

  // A key has ended the question, or somebody has fetched the caller from the queue with its music.
  #isCutShort(call) {
    return (this.#gathering && !call.gathering) || (this.#queue && !call.in_queue)
  }

  #begin(call, old) {
    this.stop()
    this.#leg = call?.sid ?? null
    this.#heard = old && call ? call.heard.length : 0
    this.#gathering = false
    this.#queue = null
  }

  #play(address) {
    this.stop()
    if (!address) return
    const sound = new Audio(address)
    sound.muted = isSilent()
    this.#sound = sound
    // Refused before the first gesture on the page: then the words are read, not heard.
    sound.play().catch(() => {})
  }
}
