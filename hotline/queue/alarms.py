"""Alarms to the coordinators: their kinds, when one is mailed, and its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

QUIET: Final = timedelta(minutes=30)
"""After a mail, no other of the same kind and subject for so long."""
RETRY: Final = timedelta(minutes=1)
"""A mail that was begun and not sent, be it that its process died, is tried again after so long."""
LONGEST_WAIT: Final = timedelta(minutes=10)
"""Whoever waits longer is an alarm."""


class Kind(StrEnum):
    """The gravest first: so they are told in a mail."""

    STORE_AWAY = "store_away"
    LINE_AWAY = "line_away"
    CALL_FAILED = "call_failed"
    NOBODY_ON_DUTY = "nobody_on_duty"
    LONG_WAIT = "long_wait"
    REST_FAILING = "rest_failing"


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong with `subject` (a line's name, or nothing), and what of it was mailed."""

    kind: Kind
    subject: str
    detail: str
    count: int
    """How often since the last mail."""
    first_at: datetime
    """The first time since the last mail."""
    raised_at: datetime
    tried_at: datetime | None = None
    mailed_at: datetime | None = None

    @property
    def is_new(self) -> bool:
        """No mail of what happened since the last one was tried yet."""
        return self.tried_at == self.mailed_at

    def is_quiet(self, now: datetime) -> bool:
        """A mail went out a short while ago. What merely lasts is not raised again meanwhile."""
        return self.mailed_at is not None and now - self.mailed_at < QUIET

    def is_due(self, now: datetime) -> bool:
        """Whether a mail may be tried now."""
        rested = self.tried_at is None or now - self.tried_at >= RETRY
        return self.count > 0 and rested and not self.is_quiet(now)

    def again(self, detail: str, now: datetime) -> "Alarm":
        first_at = self.first_at if self.count else now
        return replace(self, detail=detail, count=self.count + 1, first_at=first_at, raised_at=now)

    def tried(self, now: datetime) -> "Alarm":
        return replace(self, tried_at=now)

    def mailed(self) -> "Alarm":
        """The mail that was tried has gone out."""
        return replace(self, mailed_at=self.tried_at, count=0)


@dataclass(frozen=True, slots=True)
class About:
    """How a mail names the subject of an alarm, and the zone of its times."""

    title: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    meaning: str
    to_do: str
    english: str
    grave: bool = False
    """Callers are losing something already: an error in the log, not a warning."""


WORDS: Final[Mapping[Kind, Words]] = MappingProxyType(
    {
        Kind.STORE_AWAY: Words(
            title="La base de données ne répond pas",
            meaning="Les appels ne peuvent pas être traités : qui appelle entend seulement un message.",
            to_do="Prévenez tout de suite la personne qui s'occupe du serveur : la base de données "
            "fonctionne-t-elle, le disque est-il plein ?",
            english="The database cannot be used: calls cannot be handled. Tell whoever runs the server now.",
            grave=True,
        ),
        Kind.LINE_AWAY: Words(
            title="La ligne a été interrompue",
            meaning="Qui appelait n'entendait qu'un message, et qui attendait a pu être coupé. Si le numéro "
            "est connu, la personne est à rappeler, et garde sa place.",
            to_do="Rappelez ces personnes dès que possible (page « Ma journée » ou commande « hotline "
            "callbacks »). Si le serveur n'a pas été redémarré exprès, prévenez la personne qui s'occupe "
            "du serveur.",
            english="The line was away: who waited may have been cut off, and is to be called back if the "
            "number is known. See `hotline callbacks`.",
            grave=True,
        ),
        Kind.CALL_FAILED: Words(
            title="Un appel s'est mal passé",
            meaning="Une panne a touché un appel : la personne n'a peut-être pas eu l'aide attendue.",
            to_do="Regardez les derniers appels (commande « hotline calls ») et rappelez si possible. "
            "Si cela se répète, prévenez la personne qui s'occupe du serveur.",
            english="A call failed: see `hotline calls`, and call the person back if you can.",
            grave=True,
        ),
        Kind.NOBODY_ON_DUTY: Words(
            title="Personne n'est de permanence",
            meaning="La ligne est ouverte, mais aucune personne présente ne parle sa première langue : "
            "qui appelle dans cette langue ne peut parler à personne.",
            to_do="Demandez à quelqu'un de prendre la permanence, ou corrigez les permanences (page "
            "« Permanences ») ou les horaires de la ligne.",
            english="The line is open and nobody on duty speaks its first language: find someone now.",
        ),
        Kind.LONG_WAIT: Words(
            title=f"Une attente dépasse {LONGEST_WAIT // timedelta(minutes=1)} minutes",
            meaning="Il n'y a pas assez de personnes libres pour les appels de ce moment.",
            to_do="Demandez du renfort à d'autres médiateurs et médiatrices.",
            english="A caller waits too long: ask more mediators to come on duty.",
        ),
        Kind.REST_FAILING: Words(
            title="L'opérateur téléphonique ne répond pas à nos demandes",
            meaning="Les appels continuent, mais qui attend est mis en relation quelques secondes plus tard.",
            to_do="Vérifiez le compte chez l'opérateur (solde, jeton d'accès) et si une panne y est "
            "annoncée ; prévenez la personne qui s'occupe du serveur.",
            english="The carrier's REST interface fails: calls go on, seconds later. Check the account.",
            grave=True,
        ),
    }
)


def order(alarm: Alarm) -> tuple[int, str]:
    return list(Kind).index(alarm.kind), alarm.subject


def heading(alarms: Sequence[Alarm]) -> str:
    """The subject of the mail that tells these alarms."""
    first = min(alarms, key=order)
    about = f" ({first.subject})" if first.subject else ""
    more = f", et {len(alarms) - 1} de plus" if len(alarms) > 1 else ""
    return f"Alerte : {WORDS[first.kind].title}{about}{more}"


def body(alarms: Sequence[Alarm], about: Mapping[str, About]) -> str:
    """The text of the mail; `about` names each alarm's subject."""
    told = [_told(alarm, about[alarm.subject]) for alarm in sorted(alarms, key=order)]
    minutes = QUIET // timedelta(minutes=1)
    footer = f"Une même alerte n'est pas envoyée plus d'une fois toutes les {minutes} minutes."
    return "\n\n".join([*told, f"-- \n{footer}\n"])


def _told(alarm: Alarm, about: About) -> str:
    words = WORDS[alarm.kind]
    lines = [
        words.title.upper(),
        about.title,
        _when(alarm, about.zone),
        f"Détail : {alarm.detail}" if alarm.detail else "",
        f"Ce que cela veut dire : {words.meaning}",
        f"Que faire maintenant : {words.to_do}",
        f"In English: {words.english}",
    ]
    return "\n".join(line for line in lines if line)


def _when(alarm: Alarm, zone: ZoneInfo) -> str:
    first, last = _at(alarm.first_at, zone), _at(alarm.raised_at, zone)
    often = f"Constaté {alarm.count} fois depuis le {first}, la dernière fois le {last}"
    when = f"Constaté le {last}" if alarm.count == 1 else often
    before = f" ; message précédent le {_at(alarm.mailed_at, zone)}" if alarm.mailed_at else ""
    return f"{when}{before} (heure : {zone.key})."


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%d/%m/%Y à %H:%M")
