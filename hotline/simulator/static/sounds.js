// The sounds that telephones make by themselves, built here from tones; and the switch for all sound.

import { recall, remember } from "./memory.js"

const CYCLE = 5_000
const DTMF_COLUMN = [1209, 1336, 1477]
const DTMF_ROW = [697, 770, 852, 941]
const KEYS = "123456789*0#"

let context = null
let master = null
let silent = recall("silent") === "yes"
const listeners = new Set()

export const isSilent = () => silent

export function setSilent(wanted) {
  silent = wanted
  remember("silent", wanted ? "yes" : "no")
  if (master) master.gain.value = wanted ? 0 : 1
  listeners.forEach((tell) => tell(wanted))
}

export const whenSilenced = (tell) => listeners.add(tell)

// Browsers give sound only after a gesture: call this from one.
export function wake() {
  context ??= new AudioContext()
  if (!master) {
    master = new GainNode(context, { gain: silent ? 0 : 1 })
    master.connect(context.destination)
  }
  if (context.state === "suspended") context.resume()
}

function tone(hertz, { at = 0, lasts = 0.12, volume = 0.08, to = master } = {}) {
  const begin = context.currentTime + at
  const envelope = new GainNode(context, { gain: 0 })
  // Soft edges: a tone cut off at full swing clicks.
  envelope.gain.setValueAtTime(0, begin)
  envelope.gain.linearRampToValueAtTime(volume, begin + 0.015)
  envelope.gain.setValueAtTime(volume, begin + lasts - 0.03)
  envelope.gain.linearRampToValueAtTime(0, begin + lasts)
  const source = new OscillatorNode(context, { frequency: hertz })
  source.connect(envelope).connect(to)
  source.start(begin)
  source.stop(begin + lasts)
}

export function keyTone(key) {
  if (!context) return
  const at = KEYS.indexOf(key)
  tone(DTMF_COLUMN[at % 3])
  tone(DTMF_ROW[Math.floor(at / 3)])
}

export function chime() {
  if (!context) return
  ;[523.25, 659.25, 783.99].forEach((hertz, n) => tone(hertz, { at: n * 0.12, lasts: 0.3, volume: 0.07 }))
}

export function hungUp() {
  if (!context) return
  ;[0, 0.4, 0.8].forEach((at) => tone(440, { at, lasts: 0.22, volume: 0.05 }))
}

// A sound that comes again every five seconds until it is stopped.
function repeating(play) {
  let timer = null
  let output = null
  const begin = () => {
    if (!context) return
    output ??= new GainNode(context)
    output.connect(master)
    play(output)
  }
  const stop = () => {
    clearInterval(timer)
    output?.disconnect()
    timer = output = null
  }
  const start = () => {
    if (timer !== null) return
    begin()
    timer = setInterval(begin, CYCLE)
  }
  return { set: (wanted) => (wanted ? start() : stop()) }
}

// What a caller hears while it rings elsewhere: the French tone.
export const ringback = repeating((to) => tone(440, { lasts: 1.5, volume: 0.045, to }))

// A bell, in the pause of the ringback so that both can be told apart.
export const ring = repeating((to) => {
  for (let n = 0; n < 20; n += 1) {
    const at = 1.9 + n * 0.06 + (n >= 10 ? 0.35 : 0)
    tone(n % 2 ? 1046.5 : 880, { at, lasts: 0.06, volume: 0.06, to })
  }
})
