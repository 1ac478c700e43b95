"""A script as the rest of the code asks it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hotline.ivr.reading import ScriptError, Table
from hotline.ivr.script import parse
from hotline.queue.mediators import Patience
from tests import scripts

SCRIPT = scripts.script()
TOPICS = scripts.BODY["topics"]


def test_the_first_language_is_where_a_call_begins() -> None:
    assert SCRIPT.first.code == "fr"
    assert (SCRIPT.first.key, SCRIPT.first.invitation) == ("7", "Pour le français, faites le 7.")


def test_a_language_is_found_by_its_code_and_an_unknown_one_is_the_first() -> None:
    assert SCRIPT.language("en").name == "anglais"
    assert SCRIPT.language("tlh") is SCRIPT.first


def test_a_topic_is_found_by_its_name() -> None:
    taxes = SCRIPT.topic("taxes")
    assert taxes is not None
    assert (taxes.key, taxes.skill) == ("2", "taxes")
    assert SCRIPT.topic("gone") is None
    assert SCRIPT.topic(None) is None


def test_a_topic_needs_no_skill() -> None:
    topics = [{name: value for name, value in topic.items() if name != "skill"} for topic in TOPICS]
    assert {topic.skill for topic in scripts.script(topics=topics).topics} == {None}


def test_durations_are_durations() -> None:
    assert SCRIPT.timings.ring == timedelta(seconds=20)
    assert SCRIPT.patience == Patience(3, timedelta(minutes=15), timedelta(seconds=5))


def test_many_words_may_name_a_topic() -> None:
    many = {"fr": [f"mot {n}" for n in range(100)], "en": ["word"]}
    found = scripts.script(topics=[topic | {"words": many} for topic in TOPICS]).topics[0].words
    assert len(found["fr"]) == 100


def test_words_are_kept_whatever_their_case() -> None:
    topics = [topic | {"words": {"fr": ["CAF"], "en": ["Benefit"]}} for topic in TOPICS]
    assert scripts.script(topics=topics).topics[0].words == {"fr": {"caf"}, "en": {"benefit"}}


def test_numbers_of_fiction_are_refused_unless_allowed() -> None:
    assert not parse("demo", scripts.body()).fiction_numbers


def test_an_error_names_its_key() -> None:
    with pytest.raises(ScriptError, match=r"^timings\.ring: must be a whole number") as caught:
        scripts.script(timings__ring=99)
    assert caught.value.key == "timings.ring"


def test_what_is_no_table_at_all() -> None:
    with pytest.raises(ScriptError, match=r"^\(file\): must be a table$"):
        Table([])


def test_a_text_may_be_so_long_and_no_longer() -> None:
    longest = "é" * 500
    assert Table({"a": f" {longest}\n"}).text("a") == longest
    assert Table({"a": [longest, longest]}).texts("a") == (longest, longest)


@pytest.mark.parametrize("read", [Table.text, Table.texts])
def test_a_text_that_is_too_long_is_shown_by_its_beginning(read: Callable[[Table, str], object]) -> None:
    with pytest.raises(ScriptError, match=r"^a: must not be longer than 500 characters; there are 501, from"):
        read(Table({"a": "é" * 501}), "a")


def test_so_many_texts_and_no_more() -> None:
    assert len(Table({"a": ["b"] * 20}).texts("a")) == 20
    with pytest.raises(ScriptError, match=r"^a: must not hold more than 20 texts; there are 21$"):
        Table({"a": ["b"] * 21}).texts("a")
    assert len(Table({"a": ["b"] * 21}).texts("a", most=21)) == 21


def test_a_table_knows_its_names() -> None:
    table = Table({"a": 1, "b": "two"}, "here")
    assert table.names() == ["a", "b"]
    assert table.maybe_word("b") == "two"
    assert table.maybe_word("b") is None
    assert not table.has("b")
