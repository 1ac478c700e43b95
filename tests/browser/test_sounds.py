"""What a caller hears of a <Play> at the telephone in the browser, and when it ends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Inline
from hotline.simulator.scripted import ScriptedCustomer, silence
from hotline.simulator.web import create_app

LINE, AMINA = "+33199001234", "+33639980101"
IN_TIME = 15_000
LONG = 60
# Writes the sounds that are heard at this moment into the page, where a test can read them.
NOTED = """
  const sounds = []
  const note = () => {
    const heard = sounds.filter((one) => !one.paused && one.currentTime > 0)
    document.documentElement.dataset.heard = heard.map((one) => one.src).join(" ")
  }
  window.Audio = class extends Audio {
    constructor(address) {
      super(address)
      sounds.push(this)
      for (const happening of ["timeupdate", "pause", "ended"]) this.addEventListener(happening, note)
    }
  }
"""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def customer() -> ScriptedCustomer:
    made = ScriptedCustomer()
    for name in "ab":
        made[f"/{name}.wav"] = silence(LONG)
    return made


@pytest.fixture
def line_url() -> Iterator[str]:
    """Where the browser gets the sounds; the carrier asks the scripted customer."""
    app = Flask("sounds")
    app.add_url_rule("/<name>.wav", "sound", lambda name: Response(silence(LONG).body, mimetype="audio/wav"))
    with served(app) as address:
        yield address


@pytest.fixture
def carrier(customer: ScriptedCustomer, line_url: str) -> Iterator[Carrier]:
    account = "AC" + "0" * 32
    made = Carrier(
        account_sid=account, auth_token="12345", start=datetime.now(UTC), fetch=customer, live=True
    )
    made.add_line(LINE, voice_url=f"{line_url}/voice")
    made.begin()
    yield made
    made.stop()


@pytest.fixture
def page(browser: Browser, carrier: Carrier) -> Iterator[Page]:
    with served(create_app(carrier)) as address:
        opened = browser.new_page()
        opened.add_init_script(NOTED)
        opened.goto(address)
        yield opened
        opened.close()


def hears(page: Page, sounds: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-heard", sounds, timeout=IN_TIME)


def press(page: Page, button: str) -> None:
    caller = page.get_by_role("region", name="Téléphone de l’appelant·e")
    caller.get_by_role("button", name=button, exact=True).click()


@pytest.mark.browser
def test_a_sound_is_heard_from_its_address_until_the_next_begins(
    page: Page, customer: ScriptedCustomer, carrier: Carrier, line_url: str
) -> None:
    customer["/voice"] = '<Enqueue waitUrl="/wait">aide</Enqueue>'
    customer["/wait"] = ["<Play>/a.wav</Play>", "<Play>/b.wav</Play>"]
    carrier.voice.play_seconds[f"{line_url}/a.wav"] = 3
    press(page, "Appeler")
    hears(page, f"{line_url}/a.wav")
    expect(page.locator("[data-caller] [data-hears]")).to_have_text("(musique d’attente)")
    hears(page, f"{line_url}/b.wav")
    press(page, "Raccrocher")
    hears(page, "")


@pytest.mark.browser
def test_a_key_ends_the_sound_of_its_question(page: Page, customer: ScriptedCustomer, line_url: str) -> None:
    customer["/voice"] = '<Gather numDigits="1" action="/keys"><Play>/a.wav</Play></Gather>'
    customer["/keys"] = '<Pause length="60"/>'
    press(page, "Appeler")
    hears(page, f"{line_url}/a.wav")
    press(page, "Touche 9")
    hears(page, "")


@pytest.mark.browser
def test_a_key_that_is_pressed_elsewhere_ends_it_too(
    page: Page, customer: ScriptedCustomer, carrier: Carrier, line_url: str
) -> None:
    customer["/voice"] = '<Gather numDigits="1" action="/keys"><Play>/a.wav</Play></Gather>'
    customer["/keys"] = '<Pause length="60"/>'
    press(page, "Appeler")
    hears(page, f"{line_url}/a.wav")
    [leg] = carrier.legs.values()
    leg.press("9")
    hears(page, "")


@pytest.mark.browser
def test_whoever_is_fetched_from_the_queue_leaves_its_music_there(
    page: Page, customer: ScriptedCustomer, carrier: Carrier, line_url: str
) -> None:
    customer["/voice"] = '<Enqueue waitUrl="/wait">aide</Enqueue>'
    customer["/wait"] = "<Play>/a.wav</Play>"
    press(page, "Appeler")
    hears(page, f"{line_url}/a.wav")
    [leg] = carrier.legs.values()
    carrier.update_call(leg, Inline('<Response><Pause length="60"/></Response>'))
    hears(page, "")


@pytest.mark.browser
def test_two_who_talk_hear_each_other_alone(
    page: Page, customer: ScriptedCustomer, carrier: Carrier, line_url: str
) -> None:
    phone = carrier.register_phone(AMINA, "Amina")
    customer["/voice"] = f'<Dial callerId="{LINE}"><Number url="/whisper">{AMINA}</Number></Dial>'
    customer["/whisper"] = "<Play>/b.wav</Play>"
    carrier.voice.play_seconds[f"{line_url}/b.wav"] = 3
    press(page, "Appeler")
    expect(page.locator("[data-state=ringing]")).to_have_count(1, timeout=IN_TIME)
    phone.answer()
    hears(page, f"{line_url}/b.wav")
    hears(page, "")
    expect(page.locator("[data-caller]")).to_have_attribute("data-state", "in_call")
