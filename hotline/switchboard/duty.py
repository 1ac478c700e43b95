"""Mediators come, pause and come back; each time someone gets free, whoever waits is looked for."""

from collections.abc import Iterable
from datetime import datetime

from hotline.queue.ids import MediatorId, ShiftId
from hotline.queue.mediators import BREATHERS, COORDINATOR, RESUMED, Availability, Standing
from hotline.queue.shifts import Shift, next_start
from hotline.store import mediators, shifts
from hotline.store.topics import of_mediator
from hotline.switchboard import claiming, matching
from hotline.switchboard.moment import Moment

IDLE = frozenset(Availability) - {Availability.OFFERED, Availability.ON_CALL}
"""Not being rung and not talking: only then may someone be moved by hand."""


def take_on(m: Moment, name: str, number: str, languages: Iterable[str], skills: Iterable[str]) -> MediatorId:
    """A new mediator, available as soon as a shift covers now. Raises IntegrityError for a known number."""
    return mediators.add(m.tx, name, number, languages, skills, m.now)


def change(
    m: Moment, mediator: MediatorId, number: str | None, languages: Iterable[str], skills: Iterable[str]
) -> None:
    """What is given replaces what was there. Raises IntegrityError for a number that another one has."""
    mediators.change(m.tx, mediator, number, languages, skills)
    matching.for_mediator(m, mediator)


def free_number(m: Moment, mediator: MediatorId) -> bool:
    """Their number is nobody's, and they are not rung until they have proven another one.

    False when they have none, or are just being rung, talk or write up.
    """
    return mediators.free_number(m.tx, mediator, IDLE - {Availability.WRAP_UP})


def add_shift(m: Moment, mediator: MediatorId, shift: Shift) -> ShiftId:
    """Put a shift into the rota; it may have begun already. Whoever is off is on again with the next one."""
    key = shifts.add(m.tx, mediator, shift)
    _off_until_the_next(m, mediator)
    matching.for_mediator(m, mediator)
    return key


def remove_shift(m: Moment, shift: ShiftId) -> bool:
    """Take a shift out of the rota; a call under way goes on. Whoever is off is on again with the next one.

    False when it is not in the rota.
    """
    found = shifts.get(m.tx, shift)
    if found is None or not shifts.remove(m.tx, shift):
        return False
    m.tx.touched.add(of_mediator(found[0]))
    _off_until_the_next(m, found[0])
    return True


def _off_until_the_next(m: Moment, mediator: MediatorId) -> None:
    """The rota has changed for them: whoever is off comes back with another shift, or with none."""
    here = mediators.get(m.tx, mediator)
    if here is not None and here.availability is Availability.OFF:
        _off(m, mediator)


def switch_on(m: Moment, mediator: MediatorId, until: datetime | None) -> None:
    """On duty by hand until then, whatever the shifts say; None: by the shifts alone."""
    mediators.switch_on(m.tx, mediator, until)
    matching.for_mediator(m, mediator)


def step_away(m: Moment, mediator: MediatorId, reason: str, until: datetime | None) -> bool:
    """A pause by the mediator's own switch. False while they are being rung or talk."""
    return _set_away(m, mediator, reason, until)


def go_off(m: Moment, mediator: MediatorId) -> bool:
    """No calls until their next shift, and no callback either. False while they are being rung or talk."""
    gone = _off(m, mediator)
    if gone:
        claiming.leave(m, mediator)
    return gone


def _off(m: Moment, mediator: MediatorId) -> bool:
    mine = shifts.of(m.tx, mediator).values()
    starts = [start for start in (next_start(one, m.now) for one in mine) if start is not None]
    standing = Standing(Availability.OFF, min(starts, default=None))
    gone = mediators.claim(m.tx, mediator, IDLE, standing, m.now)
    if gone:
        mediators.switch_on(m.tx, mediator, None)
    return gone


def stop_calling_back(m: Moment, mediator: MediatorId) -> bool:
    """They have gone, and somebody else may call back whom they had claimed. Whether there was anybody."""
    had = claiming.leave(m, mediator)
    if had:
        matching.for_mediator(m, mediator)
    return had


def be_available(m: Moment, mediator: MediatorId, manual_until: datetime) -> bool:
    """Available by their own switch; where no shift covers now, until then. False while rung or talking."""
    if not shifts.is_on_duty(m.tx, mediator, m.now):
        mediators.switch_on(m.tx, mediator, manual_until)
    return come_back(m, mediator)


def pause(m: Moment, mediator: MediatorId, until: datetime | None) -> bool:
    """Somebody else pauses them until then (None: until they come back). False while rung or talking.

    Whoever is off for longer than that stays so: the end of a pause would make their telephone ring.
    """
    if until is not None and _is_off_until(m, mediator, until):
        return True
    return _set_away(m, mediator, COORDINATOR, until)


def _is_off_until(m: Moment, mediator: MediatorId, until: datetime) -> bool:
    here = mediators.get(m.tx, mediator)
    if here is None or here.availability is not Availability.OFF:
        return False
    return here.until is None or here.until >= until


def end_pause(m: Moment, mediator: MediatorId) -> bool:
    """Somebody else ends their pause, as their desk says. False when there is none: off is their own word."""
    standing = claiming.back_again(m, mediator, RESUMED)
    back = mediators.claim(m.tx, mediator, {Availability.AWAY}, standing, m.now)
    if back:
        matching.for_mediator(m, mediator)
    return back


def come_back(m: Moment, mediator: MediatorId) -> bool:
    """Available again, or calling back whom they have claimed. False while they are being rung or talk.

    A breather is not cut short: their telephone may not be hung up yet.
    """
    if _rests(m, mediator):
        return True
    back = mediators.claim(m.tx, mediator, IDLE, claiming.back_again(m, mediator), m.now)
    if back:
        matching.for_mediator(m, mediator)
    return back


def _rests(m: Moment, mediator: MediatorId) -> bool:
    here = mediators.get(m.tx, mediator)
    return here is not None and here.availability is Availability.WRAP_UP and here.away_reason in BREATHERS


def _set_away(m: Moment, mediator: MediatorId, reason: str, until: datetime | None) -> bool:
    standing = Standing(Availability.AWAY, until, reason=reason)
    return mediators.claim(m.tx, mediator, IDLE, standing, m.now)
