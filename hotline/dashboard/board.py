"""The live board: who waits, who answers, and how the day goes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, current_app, render_template

from hotline.dashboard import access, words
from hotline.dashboard.languages import language, speaking
from hotline.dashboard.languages import translated as _
from hotline.dashboard.painter import Painter
from hotline.ivr.script import Script
from hotline.queue.mediators import BREATHERS, Availability
from hotline.queue.places import PlaceKind, PlaceState
from hotline.queue.roles import Role
from hotline.queue.service_level import THRESHOLD, service_level
from hotline.services import Services
from hotline.store import board as stored
from hotline.store.board import OnDuty, Queue, Today, Waiting
from hotline.store.transactions import Tx

MOST_ROWS: Final = 40
"""Beyond that a list is no picture any more: how many there are besides is said."""
MOST_NAMES: Final = 60
STATES: Final = (
    (Availability.AVAILABLE, False),
    (Availability.OFFERED, False),
    (Availability.ON_CALL, False),
    (Availability.CALLING_BACK, False),
    (Availability.WRAP_UP, False),
    (Availability.WRAP_UP, True),
    (Availability.AWAY, False),
)
"""In their order, and whether it is a breather, in which nothing is written."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place. `wait`: of those on the line, minutes and seconds; of callbacks, words."""

    position: int
    topic: str
    language: str | None
    """Its name, when it is not the line's first."""
    is_callback: bool
    rings: bool
    since: datetime
    is_today: bool
    wait: str


@dataclass(frozen=True, slots=True)
class Group:
    state: Availability
    rest: bool
    """They have a breather."""
    many: int
    people: list[OnDuty]
    """The first of them, by name."""


@dataclass(frozen=True, slots=True)
class Board:
    now: datetime
    rows: list[Row]
    queue: Queue
    groups: list[Group]
    others: int
    """Mediators who are not on duty."""
    today: Today
    level: int | None
    """The service level, in per cent."""

    @property
    def unseen(self) -> int:
        return self.queue.calls + self.queue.callbacks - len(self.rows)

    @property
    def on_duty(self) -> int:
        return sum(group.many for group in self.groups)


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("board", __name__, url_prefix="/board")
    routes.before_request(access.only(Role.MEDIATOR))
    routes.add_url_rule("", "page", lambda: render_template("board.html", fragment=_recent()))
    routes.add_url_rule("/now", "now", _recent)
    return routes


def _recent() -> str:
    painter: Painter = current_app.extensions["live"].painter
    return painter.recent(language())


def painting(services: Services, app: Flask) -> Callable[[str], str]:
    """Paints the board's fragment in a language, whoever asks: it is the same for all who may see it."""

    def paint(in_language: str) -> str:
        with app.app_context(), speaking(in_language):
            with services.store.reading() as tx:
                shown = at(services, tx, in_language, services.clock.now())
            return render_template(
                "board/now.html", board=shown, words=words, threshold=int(THRESHOLD.total_seconds())
            )

    return paint


def at(services: Services, tx: Tx, in_language: str, now: datetime) -> Board:
    """The board at that instant."""
    queue = stored.queue(tx, now, MOST_ROWS)
    people, others = stored.on_the_line(tx, now)
    midnight = _midnight(now, services.lines.lines[0].script.zone)
    today = stored.today(tx, midnight)
    level = service_level(today.in_time, today.answered, today.abandoned)
    return Board(
        now=now,
        rows=[
            _row(services.lines.script(tx, one.script), one, in_language, now, midnight)
            for one in queue.first
        ],
        queue=queue,
        groups=_groups(people),
        others=others,
        today=today,
        # rounded down: what is shown as 100 % is no less
        level=None if level is None else int(level * 100),
    )


def _midnight(now: datetime, zone: str) -> datetime:
    return datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))


def _row(script: Script, one: Waiting, in_language: str, now: datetime, midnight: datetime) -> Row:
    is_callback = one.kind is PlaceKind.CALLBACK
    waited = max(now - one.queued_at, timedelta())
    return Row(
        position=one.position,
        topic=_topic(script, one.topic, in_language),
        language=words.spoken(script, one.language) if one.language != script.first.code else None,
        is_callback=is_callback,
        rings=one.state is PlaceState.OFFERED,
        since=one.queued_at,
        is_today=one.queued_at >= midnight,
        wait=_long(waited) if is_callback else _exact(waited),
    )


def _topic(script: Script, name: str | None, in_language: str) -> str:
    topic = script.topic(name)
    if topic is None:
        return _("Tous les thèmes")
    label = topic.label.get(in_language) or topic.label[script.first.code]
    return label[:1].upper() + label[1:]


def _exact(waited: timedelta) -> str:
    """3:05, or 1:02:05; board.js counts on in the same form."""
    minutes, seconds = divmod(int(waited.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _long(waited: timedelta) -> str:
    if waited < timedelta(days=1):
        return words.minutes(waited)
    return _("1 jour") if waited.days == 1 else _("%(many)d jours", many=waited.days)


def _groups(people: list[OnDuty]) -> list[Group]:
    people = sorted(people, key=lambda one: words.alphabetical(one.name))
    by_state = {state: [one for one in people if _state(one) == state] for state in STATES}
    return [Group(*state, len(them), them[:MOST_NAMES]) for state, them in by_state.items()]


def _state(one: OnDuty) -> tuple[Availability, bool]:
    return one.availability, one.availability is Availability.WRAP_UP and one.away_reason in BREATHERS
