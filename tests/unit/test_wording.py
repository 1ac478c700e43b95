"""How sentences are put together, and whether a person would say them."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.ivr import wording
from hotline.ivr.events import Promised
from hotline.ivr.prompts import Prompts, Sentences
from hotline.ivr.script import Script, parse
from hotline.queue.waiting import Told
from tests import scripts

FILES = sorted((scripts.CONFIG / "lines").glob("*.toml"))
DEMO = scripts.script()
LONGEST = 20
NOT_SENTENCES = {"any_topic", "callback_number"}
ENDS = (".", "?", "!", "…")
NAMES_A_KEY = {
    "fr": re.compile(r"(faites le|appuyez sur la touche) "),
    "en": re.compile(r"press (\d|the (star|hash)) "),
}
# the key is the last thing that is said, so that nobody must keep it in mind; then only where to find it
ACTION_FIRST = {
    "fr": re.compile(
        r".+, (faites le \d|appuyez sur la touche (étoile, en bas à gauche|dièse, en bas à droite))\."
    ),
    "en": re.compile(
        r".+, press (\d|the (star key, at the bottom on the left|hash key, at the bottom on the right))\."
    ),
}


def at(text: str) -> datetime:
    """An instant by the clock of Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


EVENING = at("2026-11-23T19:00")


def read(file: Path) -> Script:
    body: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return parse(file.stem, body, fiction_numbers=True)


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def script(request: pytest.FixtureRequest) -> Script:
    return read(request.param)


def spoken(script: Script) -> Iterator[tuple[str, str]]:
    """Each sentence that somebody may hear, filled, with its language."""
    for language in script.languages:
        for field in fields(Prompts):
            if field.name not in NOT_SENTENCES:
                sentences: Sentences = getattr(language.prompts, field.name)
                yield from ((language.code, one) for one in sentences if "{" not in one)
        yield from (
            (language.code, one)
            for one in (*wording.menu(script, language.code), *put_together(script, language.code))
        )
        if language.invitation:
            yield language.code, language.invitation
    for topic in (None, *(topic.name for topic in script.topics)):
        for language in script.languages:
            yield from ((script.first.code, one) for one in wording.whisper(script, topic, language.code))


def put_together(script: Script, language: str) -> Iterator[str]:
    """What is said with a number or an instant in it."""
    for position in (1, 2, 3, 40):
        yield from wording.hold_position(script, language, Told(position, timedelta(minutes=15)))
    for opens in (
        at("2026-11-23T21:00"),
        at("2026-11-24T09:30"),
        at("2026-11-27T09:00"),
        at("2027-06-01T14:00"),
    ):
        yield from wording.closed(script, language, EVENING.isoformat(), opens.isoformat())
        yield from wording.expected(script, language, Promised(EVENING, None, "", opens))
    # a lead, a breath, and the number: together they are a sentence
    yield " ".join(wording.number(script, language, "+33639980001"))
    yield from wording.code(script, language, "0712")
    yield from wording.message(script, language)


def test_every_sentence_is_one(script: Script) -> None:
    for _, sentence in spoken(script):
        assert sentence.endswith(ENDS), sentence
        assert sentence[0].isupper() or sentence[0].isdigit(), sentence
        assert not re.search(r"[.?!…] ", sentence), f"two sentences in one: {sentence}"
        assert "  " not in sentence, sentence


def test_every_sentence_is_short(script: Script) -> None:
    for _, sentence in spoken(script):
        assert len(re.findall(r"[\w']+", sentence)) <= LONGEST, sentence


def test_the_action_comes_before_the_key(script: Script) -> None:
    named = [(code, one) for code, one in spoken(script) if NAMES_A_KEY[code].search(one)]
    assert len(named) > len(script.topics) * len(script.languages)
    for code, sentence in named:
        assert ACTION_FIRST[code].fullmatch(sentence), sentence


def test_every_language_has_its_own_words_for_everything(script: Script) -> None:
    first, *others = script.languages
    for other in others:
        for field in fields(Prompts):
            mine, theirs = getattr(first.prompts, field.name), getattr(other.prompts, field.name)
            assert theirs, field.name
            assert mine != theirs, f"{field.name} is not translated into {other.code}"
        for topic in script.topics:
            assert topic.words[other.code]
            assert topic.spoken[other.code]


def test_topics_are_named_within_a_sentence(script: Script) -> None:
    for topic in script.topics:
        for text in (*topic.spoken.values(), *topic.label.values()):
            assert text[-1] not in ".?!…,;:", text


def test_the_menu_is_no_longer_than_can_be_kept_in_mind(script: Script) -> None:
    assert len(script.topics) <= 7


def test_the_menu_names_the_topics_then_what_every_line_has() -> None:
    menu = wording.menu(DEMO, "en")
    texts = DEMO.language("en").prompts
    assert menu[1] == "For taxes, press 2."
    others = texts.menu_person + texts.menu_callback + texts.menu_again + texts.menu_emergency
    assert menu[len(DEMO.topics) :] == others


def test_the_whisper_tells_line_topic_and_keys() -> None:
    assert wording.whisper(DEMO, "taxes", "fr") == (
        "Appel pour l'aide au numérique.",
        "Sujet : impôts.",
        "Pour répondre, faites le 1.",
        "Pour refuser, faites le 2.",
    )


def test_the_whisper_tells_another_language_in_the_first_one() -> None:
    assert "Cette personne a choisi la langue : anglais." in wording.whisper(DEMO, "taxes", "en")


@pytest.mark.parametrize("topic", [None, "a topic of yesterday"])
def test_the_whisper_of_any_topic(topic: str | None) -> None:
    assert wording.whisper(DEMO, topic, "fr")[1] == "Sujet : question libre."


# what a caller hears of the demo line, word for word, to be read aloud


def test_the_menu_in_french() -> None:
    assert wording.menu(DEMO, "fr") == (
        "Pour les allocations familiales ou le RSA, faites le 1.",
        "Pour les impôts, faites le 2.",
        "Pour un rendez-vous médical ou l'assurance maladie, faites le 3.",
        "Pour la recherche d'emploi, faites le 4.",
        "Pour les messages, les photos ou les appels en vidéo avec vos proches, faites le 5.",
        "Pour un appareil ou une connexion à internet qui ne marche pas, faites le 6.",
        "Pour une autre question, ou pour parler à une personne, faites le 0.",
        "Pour qu'on vous rappelle, faites le 9.",
        "Pour écouter encore, appuyez sur la touche étoile, en bas à gauche.",
        "Si une vie est en danger, appuyez sur la touche dièse, en bas à droite.",
    )


@pytest.mark.parametrize(
    ("position", "minutes", "said"),
    [
        (None, None, ()),
        (1, None, ("Vous êtes la prochaine personne.",)),
        (1, 5, ("Vous êtes la prochaine personne.", "L'attente est d'environ 5 minutes.")),
        (2, 10, ("Il y a une personne avant vous.", "L'attente est d'environ 10 minutes.")),
        (3, None, ("Il y a 2 personnes avant vous.",)),
        (10, 60, ("Il y a 9 personnes avant vous.", "L'attente est d'environ 60 minutes.")),
        (None, 5, ("L'attente est d'environ 5 minutes.",)),
    ],
)
def test_position_and_wait_in_french(position: int | None, minutes: int | None, said: Sentences) -> None:
    wait = timedelta(minutes=minutes) if minutes is not None else None
    assert wording.hold_position(DEMO, "fr", Told(position, wait)) == said


def test_the_offer_in_hold_in_french() -> None:
    assert DEMO.first.prompts.hold_callback == (
        "Pour qu'on vous rappelle, faites le 9.",
        "Vous ne perdez pas votre place.",
    )


@pytest.mark.parametrize(
    ("opens", "said"),
    [
        ("2026-11-23T21:00", "aujourd'hui à 21 heures"),
        ("2026-11-24T09:00", "demain mardi à 9 heures"),
        ("2026-11-27T14:30", "vendredi à 14 heures 30"),
        ("2026-12-01T09:00", "le mardi 1er décembre à 9 heures"),
        ("2027-01-04T09:00", "le lundi 4 janvier à 9 heures"),
    ],
)
def test_when_the_line_opens_and_when_it_calls_back_in_french(opens: str, said: str) -> None:
    assert wording.closed(DEMO, "fr", EVENING.isoformat(), at(opens).isoformat()) == (
        "La ligne est fermée en ce moment.",
        "Si une vie est en danger, appelez le 15, le 17, le 18 ou le 112.",
        f"La ligne ouvre {said}.",
    )
    promised = Promised(EVENING, None, "0712", at(opens))
    assert wording.expected(DEMO, "fr", promised) == (f"Nous vous rappelons {said}, ou un peu après.",)


def test_a_line_that_does_not_know_when_it_opens_says_only_that_it_is_closed() -> None:
    assert wording.closed(DEMO, "fr", EVENING.isoformat(), "") == DEMO.first.prompts.closed
    soon = wording.expected(DEMO, "fr", Promised(EVENING, None, "0712", None))
    assert soon == ("Nous vous rappelons dès qu'une personne est libre.",)


def test_the_number_read_back_in_french() -> None:
    assert wording.number(DEMO, "fr", "+33639980001") + DEMO.first.prompts.callback_confirm == (
        "Votre numéro est :",
        "zéro six, trois neuf, neuf huit, zéro zéro, zéro un.",
        "Si c'est le bon numéro, faites le 1.",
        "Pour donner un autre numéro, faites le 2.",
        "Pour laisser un message, faites le 3.",
    )


def test_the_code_in_french() -> None:
    assert DEMO.first.prompts.callback_promised == (
        "C'est noté.",
        "Prenez de quoi écrire, s'il vous plaît.",
    )
    assert wording.code(DEMO, "fr", "0712") == (
        "Voici votre code : zéro, sept, un, deux.",
        "La personne qui vous rappelle vous dira ce code.",
        "Si elle ne le connaît pas, raccrochez.",
        "Je répète votre code : zéro, sept, un, deux.",
    )


def test_the_notice_before_a_message_in_french() -> None:
    assert wording.message(DEMO, "fr") == (
        "Vous pouvez laisser un message.",
        "Il sera enregistré pour l'équipe, puis effacé après 30 jours.",
        "Dites votre nom, votre numéro de téléphone, et votre question.",
        "À la fin, attendez un peu : nous vous donnons un code.",
        "Parlez après le signal.",
    )
