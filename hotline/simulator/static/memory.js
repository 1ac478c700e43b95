// What the page remembers between two visits; where storage is forbidden it remembers nothing.

export function recall(name, store = () => localStorage) {
  try {
    return store().getItem(`hotline-demo-${name}`)
  } catch {
    return null
  }
}

export function remember(name, value, store = () => localStorage) {
  try {
    store().setItem(`hotline-demo-${name}`, value)
  } catch {
    // Forbidden: obeyed for now, forgotten at the next visit.
  }
}

// A caller belongs to one tab, so that two tabs can be two callers.
export const thisTab = () => sessionStorage
