// Talks with the carrier: what a hand does at a telephone, and the news of all of them.

const LONGEST_ANSWER = 30_000
const BEFORE_RETRY = 1_500

export class Refused extends Error {
  constructor(status) {
    super(`the carrier refused: ${status}`)
    this.status = status
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(LONGEST_ANSWER) })
  if (!answer.ok) throw new Refused(answer.status)
  return answer.json()
}

function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" }
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) })
}

export const placeCall = (from, to) => post("/control/calls", { from, to })
export const act = (leg, deed) => post(`/control/legs/${leg}/${deed}`)
export const press = (leg, keys) => post(`/control/legs/${leg}/keys`, { keys })

const pause = (ms) => new Promise((done) => setTimeout(done, ms))

// Calls `news(state, trace)` after each change, for ever; `lost(error)` when the carrier is away.
export async function follow(language, { news, lost }) {
  let seen = { version: -1, last: null, started: null }
  for (;;) {
    try {
      seen = await once(language, seen, news)
    } catch (error) {
      if (!(error instanceof Refused || error instanceof TypeError || error instanceof DOMException)) {
        console.error(error)
      }
      lost(error)
      await pause(BEFORE_RETRY)
      seen = { ...seen, version: -1 }
    }
  }
}

async function once(language, seen, news) {
  const state = await ask(`/control/state?after=${seen.version}`)
  let trace = await entries(language, seen.last)
  const restarted = seen.started !== null && trace.started !== seen.started
  if (restarted) trace = await entries(language, null)
  news(state, { ...trace, afresh: restarted || seen.last === null })
  // A change between the two requests is in the trace already: the state comes again at once.
  return { version: restarted ? -1 : state.version, last: trace.last, started: trace.started }
}

function entries(language, last) {
  const after = last === null ? "" : `&after=${last}`
  return ask(`/page/trace?lang=${language}${after}`)
}
