"""What a caller has heard: codes, positions, waits, and the parts of the music."""

import re
from datetime import datetime

from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind
from tests.calls.stage import Stage

WORDS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
POSITIONS = {"Vous êtes la prochaine personne": 1, "Il y a une personne avant vous": 2}


def codes(leg: Leg) -> list[str]:
    """Each code that was said, in digits."""
    said = re.findall(r"votre code : ([^.]+)\.", leg.heard_text())
    return ["".join(str(WORDS.index(word)) for word in one.split(", ")) for one in said]


def positions(leg: Leg) -> list[tuple[datetime, int]]:
    """Each position that was said, and when."""
    found = ((one.at, _position(one.text)) for one in leg.heard if one.waiting)
    return [(at, position) for at, position in found if position is not None]


def waits(leg: Leg) -> list[int]:
    """Each expected wait that was said, in minutes."""
    return [
        int(minutes) for minutes in re.findall(r"L'attente est d'environ (\d+) minutes", leg.heard_text())
    ]


def music(leg: Leg) -> list[int]:
    """The parts of our own music that were played in hold."""
    return [
        int(part)
        for one in leg.heard
        if one.by == "play" and one.waiting
        for part in re.findall(r"/sounds/hold-(\d+)\.wav$", one.text)
    ]


def in_hold(leg: Leg) -> list[str]:
    """All that was said or played in hold; "music" for any part of it."""
    return ["music" if one.by == "play" else one.text for one in leg.heard if one.waiting]


def wait_turns(stage: Stage, leg: Leg) -> list[datetime]:
    """When the carrier asked for the next document of the hold."""
    return [
        entry.at
        for entry in stage.carrier.trace
        if entry.kind is Kind.WEBHOOK and entry.leg == leg.sid and entry.params["path"] == "/voice/wait"
    ]


def _position(text: str) -> int | None:
    for words, position in POSITIONS.items():
        if words in text:
            return position
    many = re.search(r"Il y a (\d+) personnes avant vous", text)
    return int(many[1]) + 1 if many else None
