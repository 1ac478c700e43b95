"""The demonstration page: how it is served, its words in both languages, and the trace as it tells it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hotline.simulator import page
from hotline.simulator.__main__ import parser
from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer
from hotline.simulator.voice import Speaker
from hotline.simulator.web import create_app

Call = Callable[[str], Leg]
LINE, AMINA, BRUNO = "+33199001234", "+33639980101", "+33639980102"
HERE = Path(page.__file__).parent


@pytest.fixture
def web(carrier: Carrier) -> FlaskClient:
    return create_app(carrier).test_client()


def told(web: FlaskClient, address: str = "/page/trace?after=0") -> list[str]:
    answer = web.get(address).json
    assert answer is not None
    return [one["text"].replace("\u00a0", " ") for one in answer["entries"]]


def test_the_page_speaks_french_and_english(web: FlaskClient) -> None:
    french, english = web.get("/").text, web.get("/?lang=en").text
    assert '<html lang="fr">' in french
    assert "Téléphone de l’appelant·e" in french
    assert '<html lang="en">' in english
    assert "Caller’s telephone" in english


def test_the_page_leads_to_the_customers_own_pages(carrier: Carrier) -> None:
    links = (
        parser()
        .parse_args(
            ["--account", "AC", "--token", "t", "--link", "Tableau de bord=http://127.0.0.1:8002/demo?a=b"]
        )
        .link
    )
    html = create_app(carrier, links=links).test_client().get("/").text
    assert 'href="http://127.0.0.1:8002/demo?a=b" target="_blank" rel="noopener">Tableau de bord<' in html


@pytest.mark.parametrize("wrong", ["http://x.org", "=http://x.org", "Words=javascript:alert(1)", "Words="])
def test_links_that_are_none(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--account", "AC", "--token", "t", "--link", wrong])
    assert "is not WORDS=ADDRESS" in capsys.readouterr().err


def test_nothing_comes_from_elsewhere_but_the_lines_own_sounds(web: FlaskClient) -> None:
    policy = web.get("/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; media-src 'self' http://customer.test;")
    assert "unsafe" not in policy


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_holds_no_inline_script_or_style(web: FlaskClient, language: str) -> None:
    html = web.get(f"/?lang={language}").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"(?:src|href)=.?https?:", html)


def test_every_file_that_the_page_names_is_there(web: FlaskClient) -> None:
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', web.get("/").text)
    modules = [
        name for one in HERE.glob("static/*.js") for name in re.findall(r'from "\./(.+?)"', one.read_text())
    ]
    for address in addresses + [f"/static/{name}" for name in modules]:
        with web.get(address) as answer:
            assert answer.status_code == 200, address


def test_both_languages_have_the_same_words() -> None:
    french, english = page.texts("fr"), page.texts("en")
    assert french.keys() == english.keys()
    assert french["values"].keys() == english["values"].keys()


def test_the_scripts_say_only_words_that_exist() -> None:
    known = page.texts("fr").keys()
    for file in HERE.glob("static/*.js"):
        for key in re.findall(r'\bsay\("(\w+)"', file.read_text()):
            assert key in known, (file.name, key)
        for start in re.findall(r"\bsay\([^)]*`(\w+_)\$", file.read_text()):
            assert any(key.startswith(start) for key in known), (file.name, start)


def test_the_page_says_when_there_is_no_voice(carrier: Carrier) -> None:
    speaker = Speaker(installed=False)
    try:
        assert "data-no-voice" in create_app(carrier, speaker).test_client().get("/").text
        speaker.installed = True
        assert "data-no-voice" not in create_app(carrier, speaker).test_client().get("/").text
    finally:
        speaker.close()


def test_the_trace_names_people(web: FlaskClient, carrier: Carrier, call: Call) -> None:
    carrier.register_phone(AMINA, "Amina")
    carrier.register_phone(BRUNO, "Bruno")
    call(f'<Say language="fr-FR">Bonjour</Say><Dial callerId="{LINE}">{AMINA}</Dial>')
    carrier.advance_until(lambda: carrier.phone(AMINA).state == "ringing")
    carrier.phone(AMINA).answer()
    said = told(web)
    assert "Le téléphone 06 39 98 01 01 (Amina) est prêt." in said
    assert "Le 06 39 98 00 01 appelle le 01 99 00 12 34." in said
    assert "Le 06 39 98 00 01 entend : « Bonjour »" in said
    assert "Le téléphone d’Amina sonne. Il affiche le 01 99 00 12 34." in said
    assert "Le 06 39 98 00 01 entend un son : la sonnerie d’appel." in said
    assert "Le 06 39 98 00 01 et Amina se parlent." in said


def test_the_trace_in_english(web: FlaskClient, call: Call) -> None:
    call("<Hangup/>")
    said = told(web, "/page/trace?after=0&lang=en")
    assert "The call of 06 39 98 00 01 is over (normally, 0 s)." in said


def test_a_hidden_number_takes_its_article(
    web: FlaskClient, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    customer["/voice"] = "<Hangup/>"
    carrier.call("anonymous", LINE)
    assert told(web)[0] == "Le numéro masqué appelle le 01 99 00 12 34."
    assert "L’appel du numéro masqué est terminé (normalement, 0 s)." in told(web)


def test_the_trace_goes_on_where_it_was_left(web: FlaskClient, call: Call) -> None:
    call("<Hangup/>")
    first = web.get("/page/trace").json
    assert first is not None
    assert [one["n"] for one in first["entries"]] == list(range(1, first["last"] + 1))
    rest = web.get(f"/page/trace?after={first['last'] - 1}").json
    assert rest is not None
    assert [one["n"] for one in rest["entries"]] == [first["last"]]


def test_what_matters_less_and_more_is_marked(web: FlaskClient, call: Call, carrier: Carrier) -> None:
    call("<Hangup/>")
    carrier.call("+33639980002", LINE)
    answer = web.get("/page/trace").json
    assert answer is not None
    weights = {one["kind"]: one["weight"] for one in answer["entries"]}
    assert (weights["webhook"], weights["call_started"]) == ("technical", "plain")


def test_a_failing_line_is_alarming(web: FlaskClient, carrier: Carrier) -> None:
    carrier.call("+33639980001", LINE)
    answer = web.get("/page/trace").json
    assert answer is not None
    errors = [one for one in answer["entries"] if one["kind"] == "error"]
    assert {one["weight"] for one in errors} == {"alarm"}
    # The page waits for the second before it says that the line has failed.
    assert len(errors) >= 2


def test_callers_are_heard_on_this_machine_only(web: FlaskClient) -> None:
    elsewhere = {"Host": "carrier.example"}
    assert web.get("/page/trace", headers=elsewhere).status_code == 403
    assert web.get("/audio/0.wav", headers=elsewhere).status_code == 403
    assert web.get("/", headers=elsewhere).status_code == 200


def test_a_sound_that_is_not_there(web: FlaskClient) -> None:
    assert web.get("/audio/00.wav").status_code == 404
