"""From a key or from words to a choice."""

import pytest

from hotline.ivr.events import Keyed, Spoke
from hotline.ivr.script import Topic
from hotline.ivr.understanding import (
    Choice,
    ChoseAgain,
    ChoseCallback,
    ChoseEmergency,
    ChoseLanguage,
    ChosePerson,
    ChoseTopic,
    choice,
)
from tests import scripts

SCRIPT = scripts.script()


@pytest.mark.parametrize(
    ("key", "chosen"),
    [
        ("1", ChoseTopic("family-benefits")),
        ("6", ChoseTopic("equipment")),
        ("8", ChoseLanguage("en")),
        ("0", ChosePerson()),
        ("*", ChoseAgain()),
        ("7", ChoseLanguage("fr")),
        ("9", ChoseCallback()),
        ("#", ChoseEmergency()),
        ("12", None),
        ("", None),
    ],
)
def test_keys(key: str, chosen: Choice | None) -> None:
    assert choice(SCRIPT, "fr", Keyed(key)) == chosen


@pytest.mark.parametrize("topic", SCRIPT.topics, ids=lambda topic: topic.name)
def test_every_topic_is_found_by_its_key_and_by_each_of_its_words(topic: Topic) -> None:
    assert choice(SCRIPT, "fr", Keyed(topic.key)) == ChoseTopic(topic.name)
    for code, words in topic.words.items():
        for word in words:
            assert choice(SCRIPT, code, Spoke(f"euh… {word.upper()}, merci")) == ChoseTopic(topic.name), word


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("c'est pour les impôts", "taxes"),
        ("Pôle   Emploi", "work"),
        ("mon mot de passe", "equipment"),
        ("j'ai perdu le mot", None),
        ("impôts et santé", None),
        ("les rsaa", None),
        ("", None),
        ("…", None),
    ],
)
def test_words(words: str, topic: str | None) -> None:
    assert choice(SCRIPT, "fr", Spoke(words)) == (ChoseTopic(topic) if topic else None)


def test_words_are_those_of_the_language() -> None:
    assert choice(SCRIPT, "en", Spoke("taxes please")) == ChoseTopic("taxes")
    assert choice(SCRIPT, "en", Spoke("impôts")) is None
