"""The document that the carrier hosts for when we are down, and the command that prints it."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from hotline.queue.shifts import DAYS
from hotline.simulator.twiml_check import problems
from hotline.telephony.fallback_document import document
from tests import scripts
from tests.integration.accounts import one_line, two_lines
from tests.integration.shell import Run, done, environ, refused, run

__all__ = ["environ", "run"]


def sentences(document_: str) -> dict[str, list[str]]:
    """What is said, by language."""
    return {
        say.attrib["language"]: [text.strip() for text in say.itertext()]
        for say in ElementTree.fromstring(document_).iter("Say")
    }


def test_the_document_says_who_we_are_what_happened_and_what_to_do(run: Run) -> None:
    result = run("twilio", "fallback")
    (printed,) = done(result)
    assert problems(printed) == []
    assert [child.tag for child in ElementTree.fromstring(printed)] == ["Say", "Say", "Hangup"]
    assert sentences(printed) == {
        "fr-FR": [
            "Bonjour.",
            "Vous appelez la ligne d'aide au numérique.",
            "Nous avons un problème technique.",
            "Ce n'est pas votre faute.",
            "Rappelez plus tard, s'il vous plaît.",
            "Si une vie est en danger, appelez le 15, le 17, le 18 ou le 112.",
            "Merci, au revoir.",
        ],
        "en-GB": [
            "Hello.",
            "You are calling the digital help line.",
            "We have a technical problem.",
            "It is not your fault.",
            "Please call again later.",
            "If a life is in danger, call 15, 17, 18 or 112.",
            "Thank you, goodbye.",
        ],
    }
    assert "--fallback URL" in result.stderr


WEEK = {day: ["13:30-18:00", "09:00-12:00"] for day in DAYS[:5]}


@pytest.mark.parametrize(
    ("hours", "french", "english"),
    [
        (
            WEEK | {"holidays": "FR"},
            "La ligne est ouverte du lundi au vendredi, de 9 heures à midi et de 13 heures 30 à 18 heures, "
            "sauf les jours fériés.",
            "The line is open from Monday to Friday, from 9 am to noon and from 1:30 pm to 6 pm, "
            "except on public holidays.",
        ),
        (
            {"sat": ["00:00-01:00"]},
            "La ligne est ouverte le samedi, de minuit à 1 heure.",
            "The line is open on Saturday, from midnight to 1 am.",
        ),
        (
            {"sun": ["12:05-24:00"]},
            "La ligne est ouverte le dimanche, de 12 heures 05 à minuit.",
            "The line is open on Sunday, from 12:05 pm to midnight.",
        ),
        (
            {day: ["22:00-06:00"] for day in DAYS},
            "La ligne est ouverte tous les jours, de 22 heures à 6 heures.",
            "The line is open every day, from 10 pm to 6 am.",
        ),
        ({"always": True}, None, None),
        (WEEK | {"sat": ["09:00-12:00"]}, None, None),
        ({"mon": ["09:00-12:00"], "thu": ["09:00-12:00"]}, None, None),
        ({"mon": ["00:00-24:00"]}, None, None),
        ({"mon": ["08:00-09:00", "10:00-11:00", "12:00-13:00"]}, None, None),
    ],
)
def test_simple_opening_hours_are_said(
    hours: dict[str, object], french: str | None, english: str | None
) -> None:
    printed = document(scripts.script(hours=hours))
    assert problems(printed) == []
    said = sentences(printed)
    for language, wanted, after in (
        ("fr-FR", french, "Rappelez plus tard, s'il vous plaît."),
        ("en-GB", english, "Please call again later."),
    ):
        place = said[language].index(after) + 1
        assert said[language][place:-2] == ([wanted] if wanted else [])


def test_braces_of_a_prompt_are_no_template() -> None:
    printed = document(
        scripts.script(prompts__fr__greeting=["Bonjour {{From}}.", "Ici l'aide <numérique> & co."])
    )
    assert "{" not in printed
    assert problems(printed) == []
    assert sentences(printed)["fr-FR"][1] == "Ici l'aide <numérique> & co."


def translated(text: str, code: str, other: str) -> str:
    """A script where a language is called another."""
    named = text.replace(f'code = "{code}"', f'code = "{other}"').replace(
        f"[prompts.{code}", f"[prompts.{other}"
    )
    return named.replace(f"\n{code} = ", f"\n{other} = ")


def test_a_language_without_sentences_is_left_out_and_named(run: Run, tmp_path: Path) -> None:
    config = one_line(tmp_path, lambda text: translated(text, "en", "es"))
    result = run("twilio", "fallback", HOTLINE_CONFIG=config)
    (printed,) = done(result)
    assert list(sentences(printed)) == ["fr-FR"]
    assert "There are no sentences in es yet: left out." in result.stderr


def test_without_any_sentences_there_is_no_document(run: Run, tmp_path: Path) -> None:
    config = one_line(tmp_path, lambda text: translated(translated(text, "en", "es"), "fr", "pt"))
    refused(run("twilio", "fallback", HOTLINE_CONFIG=config), "there are sentences in fr, en only", code=1)


def test_one_of_several_lines_is_named(run: Run, tmp_path: Path) -> None:
    config = two_lines(tmp_path)
    for words in ((), ("third",)):
        refused(
            run("twilio", "fallback", *words, HOTLINE_CONFIG=config), "name one of the lines: demo, other"
        )
    (printed,) = done(run("twilio", "fallback", "other", HOTLINE_CONFIG=config))
    assert "Bonjour." in sentences(printed)["fr-FR"]
