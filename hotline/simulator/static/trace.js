// What the carrier saw, in words, the newest first.

import { recall, remember } from "./memory.js"
import { language } from "./words.js"

const KEPT = 400
const clock = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "fr-FR", { timeStyle: "medium" })

export class TraceList {
  constructor() {
    this.list = document.querySelector("[data-trace]")
    this.empty = document.querySelector("[data-trace-empty]")
    this.scroll = this.list.parentElement
    const technical = document.querySelector("[data-technical]")
    technical.checked = recall("technical") === "yes"
    technical.addEventListener("change", () => this.#choose(technical.checked))
    this.#choose(technical.checked)
  }

  update(entries, afresh) {
    if (afresh) this.list.replaceChildren()
    this.list.prepend(...entries.map(row).reverse())
    while (this.list.children.length > KEPT) this.list.lastElementChild.remove()
    this.#sayIfEmpty()
  }

  #choose(technical) {
    remember("technical", technical ? "yes" : "no")
    this.list.toggleAttribute("data-hide-technical", !technical)
    this.#sayIfEmpty()
  }

  #sayIfEmpty() {
    const shown = this.list.hasAttribute("data-hide-technical") ? "li:not([data-weight=technical])" : "li"
    this.empty.hidden = this.list.querySelector(shown) !== null
    this.scroll.hidden = !this.empty.hidden
  }
}

function row(entry) {
  const item = document.createElement("li")
  item.dataset.weight = entry.weight
  item.dataset.kind = entry.kind
  const time = document.createElement("time")
  time.dateTime = entry.at
  time.textContent = clock.format(new Date(entry.at))
  const words = document.createElement("span")
  words.textContent = entry.text
  item.append(time, words)
  return item
}
