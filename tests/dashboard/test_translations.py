"""Every text of the pages has its English, with the same gaps to fill; the compiled file is up to date."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hotline.dashboard.languages import FOLDER

PAGES: Final = FOLDER.parent
ENGLISH: Final = FOLDER / "en" / "LC_MESSAGES"
METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS: Final = {"_": None, "translated": None, "gettext": None, "ngettext": (1, 2)}
GAP: Final = re.compile(r"%\(\w+\)[sd\d]+")


@cache
def english() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file)


def written(path: Path) -> set[str]:
    found = extract_from_dir(path, METHODS, keywords=KEYWORDS)
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def translated() -> Iterator[Message]:
    return (message for message in english() if message.id)


def first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def test_every_text_is_translated_and_nothing_else_is() -> None:
    there = {first(message.id) for message in translated()}
    texts = written(PAGES)
    assert len(texts) > 200
    assert texts - there == set()
    assert there - texts == set()
    assert [message.id for message in translated() if not all(_words(message))] == []


def test_what_is_filled_in_is_the_same_in_both() -> None:
    for message in translated():
        for ours in _words(message):
            assert set(GAP.findall(ours)) <= set(GAP.findall(" ".join(_of(message.id)))), message.id


def test_what_is_compiled_is_what_is_written() -> None:
    made = BytesIO()
    write_mo(made, english())
    assert (ENGLISH / "messages.mo").read_bytes() == made.getvalue()


def _words(message: Message) -> tuple[str, ...]:
    return _of(message.string)


def _of(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)
