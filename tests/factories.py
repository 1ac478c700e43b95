"""Makes what tests need: settings, mediators on duty."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from hotline.queue.ids import MediatorId
from hotline.queue.shifts import Hours, Shift
from hotline.services import Services
from hotline.settings import Settings
from hotline.switchboard import duty
from hotline.switchboard.moment import Moment
from tests.scripts import CONFIG

T = TypeVar("T")
LINE = "+33199001234"
CALLER = "+33639980001"
ZONE = "Europe/Paris"
ALL_DAY = Hours(0, 24 * 60)
ALWAYS = tuple(Shift(day, ALL_DAY, ZONE) for day in range(7))


def settings(database_url: str, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "database_url": database_url,
        "redis_url": None,
        "config": CONFIG,
        "public_url": "http://127.0.0.1:1",
        "account": "AC00000000000000000000000000000001",
        "tokens": ("test-token",),
        "api_base": "http://127.0.0.1:1",
        "region": None,
        "edge": None,
        "secret_key": "a secret for the tests",
        "fiction_numbers": True,
        "mail": None,
        "threads": 64,
    }
    return Settings(**(values | changes))


def number(n: int) -> str:
    """The number of the mediator with that number of ours."""
    return f"+336399801{n:02}"


def mediator(
    services: Services,
    name: str,
    telephone: str,
    skills: Iterable[str] = ("taxes",),
    languages: Iterable[str] = ("fr",),
    *,
    shifts: Iterable[Shift] = ALWAYS,
) -> MediatorId:
    """A mediator, on duty around the clock unless told otherwise."""

    def add(m: Moment) -> MediatorId:
        key = duty.take_on(m, name, telephone, languages, skills)
        for shift in shifts:
            duty.add_shift(m, key, shift)
        return key

    return at_once(services, add)


def at_once(services: Services, work: Callable[[Moment], T]) -> T:
    now = services.clock.now()
    return services.store.run(lambda tx: work(Moment(tx, now, services.lines, services.jobs)))
