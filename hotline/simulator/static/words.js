// The page's sentences in its language, and numbers as people write them.

export const language = document.documentElement.lang === "en" ? "en" : "fr"
const table = await (await fetch(`/static/words.${language}.json`)).json()

export function say(key, values = {}) {
  return table[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
}

export function national(number) {
  if (!number?.startsWith("+")) return say("hidden_number").toLowerCase()
  return /^\+33\d{9}$/.test(number) ? `0${number.slice(3)}`.replace(/\B(?=(\d\d)+$)/g, " ") : number
}

export function thePhoneOf(name) {
  const elided = language === "fr" && /^[AEIOUYÀÂÉÈÊËÎÏÔÙÛ]/i.test(name)
  const words = say("the_phone_of")
  return (elided ? words.replace(/de $/, "d’") : words) + name
}

export function withThe(number) {
  const written = national(number)
  if (!number?.startsWith("+")) return language === "fr" ? `un ${written}` : `a ${written}`
  return language === "fr" ? `le ${written}` : written
}
