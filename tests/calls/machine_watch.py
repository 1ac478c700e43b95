"""Looks on while a run goes on: nobody is overlooked, forgotten in hold, or rung while they talk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.places import OPEN
from hotline.store import callbacks, calls, mediators
from hotline.store.calls import CallRow
from hotline.store.places import PlaceRow
from hotline.store.transactions import Tx
from tests.calls.machine_ledger import Ledger
from tests.calls.machine_stage import RoughStage
from tests.integration import checks

A_WAIT_DOCUMENT: Final = timedelta(seconds=11)
AT_MOST: Final = A_WAIT_DOCUMENT + timedelta(seconds=5)
"""With nobody to push them, callers in hold ask by themselves at the end of each wait document."""
EVERY: Final = 5.0


@dataclass
class Watch:
    stage: RoughStage
    ledger: Ledger
    wrong: list[str] = field(default_factory=list)
    _since: dict[str, datetime] = field(default_factory=dict)
    """Since when something is so that may be so for a moment only."""

    def begin(self) -> None:
        self.stage.carrier.every(1, self.ledger.look)
        self.stage.carrier.every(EVERY, self.look)

    def look(self) -> None:
        """What may last for a moment, and no longer."""
        if not self.stage.is_well:
            self._since.clear()
            return
        now = self.stage.carrier.now()
        with self.stage.services.store.reading() as tx:
            lasting = [*self._overlooked(tx), *self._lost_in_hold(tx)]
        self._since = {one: self._since.get(one, now) for one in lasting}
        self.wrong += [f"{one}, since {at}" for one, at in self._since.items() if now - at > AT_MOST]

    def at_once(self, tx: Tx) -> Iterator[str]:
        """What may not be so for an instant."""
        yield from checks.contradictions(tx)
        yield from checks.claims_amiss(tx, self.stage.carrier.now())
        yield from self.stage.news.untold
        yield from self._talk_unknown_to_us(tx)
        on_the_line = {LegSid(seen.leg.sid) for seen in self.ledger.callers.values() if seen.leg.is_open}
        for one in callbacks.due(tx, self.stage.carrier.now()):
            if calls.get(tx, one.call).leg in on_the_line:
                yield f"ticket {one.ticket} is to be called back while its caller is on the line"

    def _talk_unknown_to_us(self, tx: Tx) -> Iterator[str]:
        for name, phone in self.stage.phones.items():
            if phone.talking_to is None or phone.leg is None:
                continue
            talks = [talk for seen in self.ledger.callers.values() for talk in seen.talks]
            accepted = any(talk.accepted for talk in talks if talk.mediator_leg == phone.leg.sid)
            known = mediators.get(tx, self.stage.names[name])
            if accepted and known is not None and known.availability is not Availability.ON_CALL:
                yield f"{name} talks, and is {known.availability} for us"

    def _overlooked(self, tx: Tx) -> Iterator[str]:
        for place, mediator in checks.overlooked(self.stage.moment(tx)):
            yield f"place {place} waits although {self._name(mediator)} is free"

    def _lost_in_hold(self, tx: Tx) -> Iterator[str]:
        waits = select(CallRow.leg).join(PlaceRow, PlaceRow.call_id == CallRow.id)
        known = set(tx.connection.execute(waits.where(PlaceRow.state.in_(OPEN))).scalars())
        longest = self.stage.services.lines.lines[0].script.timings.longest_wait
        for seen in self.ledger.callers.values():
            if seen.leg.in_queue is not None and seen.leg.sid not in known:
                yield f"{seen.leg.number} is in hold and waits for nobody"
            if (
                seen.leg.in_queue is not None
                and seen.hold_began_at is not None
                and self.stage.carrier.now() - seen.hold_began_at > longest
            ):
                yield f"{seen.leg.number} is in hold beyond the longest wait"

    def _name(self, mediator: MediatorId) -> str:
        return next(name for name, key in self.stage.names.items() if key == mediator)
