"""A mistake in a script stops the start with the file, the key and the reason."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from hotline import wiring
from hotline.settings import SettingsError
from tests import factories, scripts

FOLDER = "lines"
GONE = object()


def toml(value: Any) -> str:
    """A value as TOML; tables are written inline, which is TOML too."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def change(body: dict[str, Any], path: str, value: object) -> None:
    inner: Any = body
    *outer, last = (int(part) if part.isdigit() else part for part in path.split("/"))
    for part in outer:
        inner = inner[part]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value


def write(config: Path, name: str, **changes: object) -> Path:
    """A file with the demo line, each path of `changes` set anew."""
    body = deepcopy(scripts.BODY)
    for path, value in changes.items():
        change(body, path, value)
    file = config / FOLDER / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(f"{key} = {toml(value)}" for key, value in body.items()), encoding="utf-8")
    return file


def refused(config: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        wiring.read_lines(factories.settings("sqlite://", config=config))
    return str(caught.value)


def test_the_demo_line_is_read(tmp_path: Path) -> None:
    write(tmp_path, "one.toml")
    lines = wiring.read_lines(factories.settings("sqlite://", config=tmp_path))
    assert [line.script.name for line in lines.lines] == ["one"]
    assert lines.lines[0].script.fiction_numbers


MISTAKES = [
    # missing
    ("title", GONE, "title: is missing"),
    ("numbers", GONE, "numbers: is missing"),
    ("hours", GONE, "hours: is missing"),
    ("topics", GONE, "topics: is missing"),
    ("topics/0/key", GONE, "topics[1].key: is missing"),
    ("topics/0/spoken/en", GONE, "topics[1].spoken.en: is missing"),
    ("topics/1/words/fr", GONE, "topics[2].words.fr: is missing"),
    ("timings/ring", GONE, "timings.ring: is missing"),
    ("prompts/en", GONE, "prompts.en: is missing"),
    ("prompts/fr/greeting", GONE, "prompts.fr.greeting: is missing"),
    ("languages/1/key", GONE, "languages[2].key: is missing"),
    ("languages/1/invitation", GONE, "languages[2].invitation: is missing"),
    ("hours", {}, "hours.always: is missing, and no day has hours: the line would never open"),
    # too long
    (
        "prompts/fr/trouble",
        "a" * 70_000,
        "prompts.fr.trouble: must not be longer than 500 characters; there are",
    ),
    (
        "prompts/fr/notice",
        ["Bonjour."] * 21,
        "prompts.fr.notice: must not hold more than 20 texts; there are 21",
    ),
    (
        "topics/0/spoken/fr",
        "a" * 501,
        "topics[1].spoken.fr: must not be longer than 500 characters; there are",
    ),
    # unknown
    ("colour", "blue", "colour: is not known here"),
    ("hours/monday", ["09:00-12:00"], "hours.monday: is not known here"),
    ("topics/0/colour", "blue", "topics[1].colour: is not known here"),
    ("topics/0/words/de", ["steuer"], "topics[1].words.de: is not known here"),
    ("timings/pause", 3, "timings.pause: is not known here"),
    ("prompts/de", {}, "prompts.de: is not known here"),
    ("prompts/fr/farewell", "Adieu.", "prompts.fr.farewell: is not known here"),
    ("languages/0/key", GONE, "languages[1].key: is missing"),
    # of the wrong kind
    ("title", 5, "title: must be a text, and not empty"),
    ("title", " ", "title: must be a text, and not empty"),
    ("numbers", [], "numbers: must not be empty"),
    ("numbers", [33199001234], "numbers: must be a text or a list of texts, none of them empty"),
    ("prompts/fr/goodbye", ["Merci.", ""], "prompts.fr.goodbye: must be a text or a list of texts, "),
    ("hours", "always", "hours: must be a table"),
    ("hours/always", "yes", "hours.always: must be true or false"),
    ("topics", {}, "topics: must be a list of tables, and not empty"),
    ("topics", [], "topics: must be a list of tables, and not empty"),
    ("topics", ["taxes"], "topics[1]: must be a table"),
    ("menu_tries", "3", "menu_tries: must be a whole number from 1 to 5"),
    ("menu_tries", True, "menu_tries: must be a whole number from 1 to 5"),
    ("menu_tries", 0, "menu_tries: must be a whole number from 1 to 5"),
    ("timings/ring", 30, "timings.ring: must be a whole number from 5 to 20"),
    ("timings/ring", 7.5, "timings.ring: must be a whole number from 5 to 20"),
    # keys of the telephone
    ("topics/0/key", "2", "topics: the key '2' is there twice"),
    ("languages/1/key", "5", "topics: the key '5' is there twice"),
    ("languages/1/key", "2", "languages[2].key: must be one from 4 to 8"),
    ("topics/0/key", "9", "topics[1].key: must be one key from 1 to 8: 0, 9 and * have their meaning"),
    ("topics/0/key", "0", "topics[1].key: must be one key from 1 to 8"),
    ("topics/0/key", "12", "topics[1].key: must be one key from 1 to 8"),
    ("languages/1/key", "*", "languages[2].key: must be one key from 1 to 8"),
    ("topics/0/name", "taxes", "topics: the name 'taxes' is there twice"),
    ("topics/0/name", "family benefits", "topics[1].name: must be one word of at most 64 letters"),
    ("topics/0/name", "x" * 65, "topics[1].name: must be one word of at most 64 letters"),
    ("topics/0/skill", "taxes,work", "topics[1].skill: must be one word of at most 64 letters"),
    # what only looks right
    ("numbers", ["0199001234"], "numbers: '0199001234' is not a number in international form"),
    ("region", "France", "region: 'France' is not a region like FR"),
    ("zone", "Paris", "zone: 'Paris' is not a time zone like Europe/Paris"),
    ("zone", "../zones", "zone: '../zones' is not a time zone like Europe/Paris"),
    ("zone", "Europe", "zone: 'Europe' is not a time zone like Europe/Paris"),
    ("hours", {"mon": ["9-12"]}, "hours.mon: '9-12' is not hours like 09:00-12:30"),
    ("hours", {"mon": ["25:00-26:00"]}, "hours.mon: '25:00-26:00' is not a time of day"),
    ("hours/holidays", "Utopia", "hours.holidays: 'Utopia' has no known public holidays"),
    ("hours/holidays", "FR-XX", "hours.holidays: 'FR-XX' has no known public holidays"),
    ("hours/closures", ["Christmas"], "hours.closures: 'Christmas' is no day like 2026-12-24"),
    ("hours/closures", ["2027-01-01/2026-12-24"], "hours.closures: '2027-01-01/2026-12-24' is no day"),
    ("hours/closures", ["0001-01-01/9999-12-31"], "hours.closures: '0001-01-01/9999-12-31' is 3652059 days"),
    ("hours", {"mon": ["09:00-12:00", "11:00-13:00"]}, "hours.mon: 09:00-12:00 and 11:00-13:00 overlap"),
    ("hours", {"monday": ["09:00-12:00"]}, "hours.monday: is not known here"),
    ("prompts/fr/menu_topic", "Pour {sujet}, faites le {key}.", "cannot be filled with {sujet}"),
    ("prompts/fr/menu_topic", "Pour {}, faites le {key}.", "cannot be filled with {}"),
    ("prompts/fr/menu_topic", "Pour {topic!x}, faites le {key:d}.", "filled with {key:d, topic!x}"),
    ("prompts/fr/menu_topic", "Pour {topic, faites le {key}.", "has braces that do not match"),
    ("prompts/fr/menu_topic", "Pour {topic}.", "prompts.fr.menu_topic: must say {key}"),
    ("prompts/fr/greeting", "Bonjour, {topic}.", "prompts.fr.greeting: cannot be filled with {topic}"),
    ("languages/1/code", "tlh", "prompts.tlh: is missing"),
]


@pytest.mark.parametrize(("path", "value", "reason"), MISTAKES)
def test_each_kind_of_mistake(tmp_path: Path, path: str, value: object, reason: str) -> None:
    file = write(tmp_path, "one.toml", **{path: value})
    message = refused(tmp_path)
    assert message.startswith(f"{file}: ")
    assert reason in message


def test_a_language_without_a_voice(tmp_path: Path) -> None:
    prompts = scripts.BODY["prompts"]
    changes: dict[str, object] = {
        "languages": [{"code": "tlh", "name": "klingon"}],
        "prompts": {"tlh": prompts["fr"]},
    }
    for index, topic in enumerate(scripts.BODY["topics"]):
        for name in ("spoken", "label", "words"):
            changes[f"topics/{index}/{name}"] = {"tlh": topic[name]["fr"]}
    file = write(tmp_path, "one.toml", **changes)
    assert refused(tmp_path) == f"{file}: languages.code: there is no voice for 'tlh'"


def test_two_languages_of_one_code(tmp_path: Path) -> None:
    again = scripts.BODY["languages"][1] | {"code": "fr"}
    write(tmp_path, "one.toml", **{"languages/1": again})
    assert "prompts.fr: is missing" in refused(tmp_path)


def test_a_number_of_two_lines(tmp_path: Path) -> None:
    first, second = write(tmp_path, "one.toml"), write(tmp_path, "two.toml")
    assert refused(tmp_path) == f"{second}: numbers: +33199001234 is a number of {first} too"


def test_a_file_whose_name_no_row_can_hold(tmp_path: Path) -> None:
    file = write(tmp_path, "ma ligne.toml")
    assert refused(tmp_path).startswith(f"{file}: the file's name is the line's")


def test_the_good_lines_are_not_read_without_the_bad_one(tmp_path: Path) -> None:
    write(tmp_path, "one.toml")
    bad = write(tmp_path, "two.toml", numbers=["+33199005678"], title=3)
    assert refused(tmp_path).startswith(f"{bad}: title: ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"title = ", "Invalid value"),
        (b'title = "\xe9"', "is not UTF-8 text: save it with the encoding UTF-8"),
        (b"a = 1\na = 2", "overwrite"),
    ],
)
def test_a_broken_file(tmp_path: Path, content: bytes, reason: str) -> None:
    file = write(tmp_path, "one.toml")
    file.write_bytes(content)
    message = refused(tmp_path)
    assert message.startswith(f"{file}: ")
    assert reason in message


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = write(tmp_path, "one.toml")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    lines = wiring.read_lines(factories.settings("sqlite://", config=tmp_path))
    assert lines.lines[0].script.title == scripts.BODY["title"]


def test_no_file_at_all(tmp_path: Path) -> None:
    assert refused(tmp_path).startswith(f"no line: {tmp_path / FOLDER} holds no file *.toml")
