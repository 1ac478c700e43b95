"""Checks a TwiML document against the vocabulary that the carrier knows."""

import json
import re
import xml.etree.ElementTree as ET
from functools import cache
from importlib.resources import files
from typing import Any

MAX_BYTES = 65536
# The vocabulary lists more values for these than any provider page does, and new ones appear often.
OPEN_ENUMS = {"voice", "language"}


@cache
def schema() -> dict[str, Any]:
    text = (files("hotline.simulator") / "twiml_voice_schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def problems(xml: str | bytes, context: str | None = None) -> list[str]:
    """What a carrier would refuse or warn about; an empty list for a good document."""
    raw = xml.encode() if isinstance(xml, str) else xml
    found = _size_problems(raw)
    try:
        root = ET.fromstring(raw)
    except ET.ParseError as error:
        return [f"12100: document parse failure: {error}"]
    if root.tag != "Response":
        return [f"12100: root is <{root.tag}>, must be <Response>"]
    return found + _children_problems(root, _allowed_at_top(context), context)


def _size_problems(raw: bytes) -> list[str]:
    found = []
    if raw[:1].isspace():
        found.append("12100: leading whitespace before XML declaration")
    if len(raw) > MAX_BYTES:
        found.append("11750: TwiML over 64 KB")
    return found


def _allowed_at_top(context: str | None) -> set[str]:
    if context:
        return set(schema()["_contexts"][context])
    return {*schema()["Response"]["children"], "Refer"}


def _children_problems(parent: ET.Element, allowed: set[str], context: str | None) -> list[str]:
    found = []
    for child in parent:
        if child.tag not in allowed:
            where = f" ({context})" if context else ""
            found.append(f"12200: <{child.tag}> not allowed in <{parent.tag}>{where}")
            continue
        found += _attribute_problems(child)
        found += _children_problems(child, set(schema()[child.tag]["children"]), None)
    return found


def _attribute_problems(element: ET.Element) -> list[str]:
    known = schema()[element.tag]["attributes"]
    found = []
    for name, value in element.attrib.items():
        if name not in known:
            found.append(f"12200: <{element.tag}> has no attribute {name}")
        elif expected := _expected(name, known[name], value):
            found.append(f'<{element.tag} {name}="{value}">: {expected}')
    return found


def _expected(name: str, rule: dict[str, Any], value: str) -> str | None:
    """What should have stood there, or None when the value is fine."""
    kind = rule["type"]
    if kind == "int" and not re.fullmatch(r"\d+", value):
        return "integer expected"
    if kind == "bool" and value not in ("true", "false"):
        return "true/false expected"
    if kind == "enum" and name not in OPEN_ENUMS:
        given = value.split() if rule.get("list") else [value]
        if any(one not in rule["enum"] for one in given):
            return f"one of {rule['enum']}"
    return None
