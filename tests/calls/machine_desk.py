"""What mediators do at their desks, as rules of the state machine over the whole application."""

from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId
from hotline.queue.offers import OfferState
from hotline.simulator.phones import Phone
from hotline.store import offers, write_ups
from hotline.switchboard import desk, duty
from hotline.switchboard.desk import Ending
from hotline.switchboard.moment import Moment

N: Final = st.integers(0, 4)
A_PAUSE: Final = timedelta(minutes=1)
RINGS: Final = precondition(lambda self: bool(self.here.phones("ringing")))
ENGAGED: Final = precondition(lambda self: bool(self.here.phones("in_call")))
ON_DUTY: Final = precondition(lambda self: bool(self.here.phones("any")))
TO: Final = st.sampled_from(["taxes", "benefits", None, "somebody"])


class AtTheDesk(RuleBasedStateMachine):
    """Clicks: each acts on what is in front of the mediator just now, if there is something."""

    here: Any

    @RINGS
    @rule(n=N, takes=st.booleans(), seconds=st.sampled_from([0, 1, 6]))
    def mediator_clicks(self, n: int, takes: bool, seconds: float) -> None:
        """Before the telephone is taken up."""
        self._at_desk(n, "ringing", f"clicks, takes it: {takes}", desk.take if takes else desk.leave, seconds)

    @ENGAGED
    @rule(n=N, takes=st.booleans(), seconds=st.sampled_from([0, 4, 6]))
    def mediator_clicks_after_the_pick_up(self, n: int, takes: bool, seconds: float) -> None:
        self._at_desk(n, "in_call", f"clicks, takes it: {takes}", desk.take if takes else desk.leave, seconds)

    @ENGAGED
    @rule(n=N, to=TO, seconds=st.sampled_from([0, 2, 8]))
    def mediator_hands_the_call_on(self, n: int, to: str | None, seconds: float) -> None:
        def hand_on(m: Moment, me: MediatorId, offer: OfferId) -> None:
            others = [one for one in self.here.stage.names.values() if one != me]
            to_one = others[n % len(others)] if to == "somebody" and others else None
            if _talks(m, offer):
                desk.hand_on(m, me, offer, None if to == "somebody" else to, to_one)

        self._at_desk(n, "in_call", f"hands the call on to {to}", hand_on, seconds)

    @ENGAGED
    @rule(n=N, seconds=st.sampled_from([0, 2]))
    def mediator_keeps_the_call_after_all(self, n: int, seconds: float) -> None:
        def keep(m: Moment, me: MediatorId, offer: OfferId) -> None:
            if _talks(m, offer):
                desk.keep(m, me, offer)

        self._at_desk(n, "in_call", "keeps the call after all", keep, seconds)

    @ENGAGED
    @rule(n=N)
    def mediator_promises_to_call_back(self, n: int) -> None:
        def promise(m: Moment, me: MediatorId, offer: OfferId) -> None:
            if _talks(m, offer):
                desk.promise_callback(m, me, offer, None)

        self._at_desk(n, "in_call", "promises to call back", promise, 0)

    @ON_DUTY
    @rule(n=N)
    def mediator_promises_when_the_talk_is_over(self, n: int) -> None:
        def promise(phone: Phone) -> None:
            me = self.here.stage.names[phone.name]
            self.here.at_once(lambda m: _promise_of_latest(m, me))

        self.here.mediator(n, "any", "promises to call back after a talk", promise, 1)

    @ON_DUTY
    @rule(n=N)
    def mediator_says_that_a_callback_is_needed_no_more(self, n: int) -> None:
        def release(phone: Phone) -> None:
            me = self.here.stage.names[phone.name]
            self.here.at_once(lambda m: _release_latest(m, me))

        self.here.mediator(n, "any", "says that a callback is needed no more", release, 1)

    @ON_DUTY
    @rule(n=N, disposition=st.sampled_from(Disposition), rests=st.booleans())
    def mediator_has_written_it_up(self, n: int, disposition: Disposition, rests: bool) -> None:
        def finish(phone: Phone) -> None:
            me = self.here.stage.names[phone.name]
            self.here.at_once(lambda m: _finish(m, me, disposition, rests=rests))

        self.here.mediator(n, "any", f"has written it up: {disposition}, rests: {rests}", finish, 1)

    def _at_desk(self, n: int, which: str, what: str, act: Any, seconds: float) -> None:
        def click(phone: Phone) -> None:
            me = self.here.stage.names[phone.name]
            self.here.at_once(lambda m: _with_offer(m, me, act))
            if act is desk.take and self.here.at_once(lambda m: _stands_for_the_1(m, me)):
                self.here.says_yes(phone)

        self.here.mediator(n, which, what, click, seconds)


def _with_offer(m: Moment, me: MediatorId, act: Any) -> None:
    offer = offers.of_mediator(m.tx, me)
    if offer is not None:
        act(m, me, offer.id)


def _stands_for_the_1(m: Moment, me: MediatorId) -> bool:
    offer = offers.of_mediator(m.tx, me)
    if offer is None or offer.clicked_at is None or offer.picked_up_at is None:
        return False
    return offer.clicked_at > offer.picked_up_at


def _talks(m: Moment, offer: OfferId) -> bool:
    found = offers.get(m.tx, offer)
    return found is not None and found.state is OfferState.ACCEPTED


def _promise_of_latest(m: Moment, me: MediatorId) -> None:
    for one in write_ups.unfinished(m.tx, me)[:1]:
        desk.promise_callback(m, me, one, None)


def _release_latest(m: Moment, me: MediatorId) -> None:
    talking = offers.of_mediator(m.tx, me)
    if talking is not None and _talks(m, talking.id):
        desk.needs_no_callback(m, me, talking.id)
    for one in write_ups.unfinished(m.tx, me)[:1]:
        desk.needs_no_callback(m, me, one)


def _finish(m: Moment, me: MediatorId, disposition: Disposition, *, rests: bool) -> None:
    for one in write_ups.unfinished(m.tx, me)[:1]:
        assert desk.finish(m, me, one, Ending(disposition, None), _pause if rests else None) is not None


def _pause(m: Moment, me: MediatorId) -> bool:
    return duty.step_away(m, me, "break", m.now + A_PAUSE)
