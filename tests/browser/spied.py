"""A page whose sounds and notifications are noted instead of heard and seen."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.desks import Desk

SPY = """
window.beeps = 0;
window.notes = [];
window.mute = %s;
window.AudioContext = class {
    get state() { return mute ? "suspended" : "running"; }
    get currentTime() { return 0; }
    async resume() { if (navigator.userActivation?.isActive) mute = false; }
    createGain() {
        return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect() {} };
    }
    createOscillator() {
        return { frequency: {}, connect: (to) => to, start() { beeps += 1; }, stop() {} };
    }
};
window.Notification = class {
    static permission = "granted";
    constructor(words) { notes.push(words); this.words = words; }
    close() { notes.splice(notes.indexOf(this.words), 1); }
};
document.hasFocus = () => false;
"""


def spied(desk: Desk, *, mute: bool = False) -> Desk:
    """The page afresh, with a clock that may be moved; nobody looks at it."""
    desk.page.clock.install()
    desk.page.add_init_script(SPY % str(mute).lower())
    desk.page.reload()
    return desk


def beeps_in(page: Page, milliseconds: int) -> int:
    before = int(page.evaluate("beeps"))
    page.clock.run_for(milliseconds)
    return int(page.evaluate("beeps")) - before


def notes(page: Page) -> Any:
    return page.evaluate("notes")
