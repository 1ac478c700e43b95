"""The opening minute: sixty callers in one instant, four mediators. Nobody is lost, and the order is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from hotline.queue.places import PlaceKind
from hotline.simulator.legs import Leg
from hotline.store.calls import CallRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from tests.calls import kept, words
from tests.calls.stage import Stage

CALLERS = 60
MEDIATORS = 4
TALK = 20


@dataclass
class Person:
    """A caller who answers each of these questions once, with keys or with words."""

    leg: Leg
    answers: dict[str, str]
    answered: set[str] = field(default_factory=set)

    def react(self) -> None:
        if not self.leg.is_open:
            return
        for question in self.answers.keys() - self.answered:
            if question in self.leg.heard_text():
                self.answered.add(question)
                self._answer(self.answers[question])

    def _answer(self, answer: str) -> None:
        if answer.strip("0123456789#"):
            self.leg.speak(answer)
        else:
            self.leg.press(answer)


PATIENT: dict[str, str] = {}
PRESSES_NINE = PATIENT | {words.NINE: "9", words.READ_BACK: "1", words.WHEN: "1"}
KEYS_A_NUMBER = PATIENT | {words.WHICH_NUMBER: "0639980009#"}
ONLY_SPEAKS = PATIENT | {words.BEEP: "Jeanne, pour mes impôts."}
KINDS = (PATIENT, KEYS_A_NUMBER, PRESSES_NINE, ONLY_SPEAKS)


def crowd(stage: Stage) -> list[Person]:
    """All call and choose in one instant; every other one withholds their number."""
    shown = ("anonymous" if n % 2 else f"+336399805{n:02}" for n in range(CALLERS))
    people = [Person(stage.call(number), KINDS[n % 4]) for n, number in enumerate(shown)]
    for person in people:
        person.leg.press("2")
    stage.carrier.every(1, lambda: react(people))
    return people


def react(people: list[Person]) -> None:
    for person in people:
        person.react()


def talk_and_hang_up(people: list[Person]) -> None:
    """Whoever has talked for a while is done."""
    for person in people:
        other = person.leg.talking_to
        if other is not None and other.answered_at is not None and other.duration >= TALK:
            person.leg.hang_up()


def test_everybody_is_answered_or_promised_and_the_places_are_served_in_order(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage(timings__wrap_up=0, timings__longest_wait=150)
    for n in range(MEDIATORS):
        phone = stage.mediator(f"mediator {n}", "taxes")
        phone.behaviour, phone.answers_after = "accepts", 2
    people = crowd(stage)
    stage.carrier.every(1, lambda: talk_and_hang_up(people))
    assert stage.carrier.advance_until(lambda: not any(one.leg.is_open for one in people), 400)
    stage.carrier.advance(10)
    outcomes = [stage.outcome(one.leg) for one in people]
    assert set(outcomes) == {"answered", "callback", "message"}
    assert outcomes.count("answered") >= MEDIATORS * 4
    assert {stage.state(name) for name in stage.names} == {"available"}
    waits_for_a_call = [one for one, became in zip(people, outcomes, strict=True) if became != "answered"]
    assert len(kept.due(stage)) == len(waits_for_a_call)
    for person in waits_for_a_call:
        assert kept.is_due(stage, person.leg)
    assert served(stage) == sorted(served(stage))


def served(stage: Stage) -> list[tuple[object, int]]:
    """The places of those who were answered, in the order in which their telephones rang."""
    found = (
        select(PlaceRow.queued_at, PlaceRow.id)
        .join(OfferRow, OfferRow.place_id == PlaceRow.id)
        .join(CallRow, CallRow.id == PlaceRow.call_id)
        .where(OfferRow.accepted_at.is_not(None), PlaceRow.kind == PlaceKind.CALL)
        .order_by(OfferRow.id)
    )
    with stage.services.store.reading() as tx:
        return [(queued_at, key) for queued_at, key in tx.connection.execute(found)]


def test_a_single_mediator_is_rung_once_and_for_one_of_two_who_call_in_one_instant(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    first, second = stage.call("+33639980003"), stage.call("+33639980004")
    first.press("2")
    second.press("2")
    stage.carrier.advance(10)
    stage.connect(first, amina)
    assert second.in_queue is not None
    assert sum(leg.ends.direction == "outbound-dial" for leg in stage.carrier.legs.values()) == 1
