"""What protects the line: blocked numbers, limits of calls and minutes. A polite sentence, never an error."""

from collections.abc import Callable
from datetime import timedelta

from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind
from hotline.store import callers
from tests import factories
from tests.calls import kept, words
from tests.calls.stage import MONDAY, Stage
from tests.factories import CALLER

OTHER = "+33639980003"
BLOCKED = words.said("refused_blocked")
OFTEN = words.said("refused_often")


def block(stage: Stage, days: float | None = None) -> None:
    until = stage.carrier.now() + timedelta(days=days) if days else None
    factories.at_once(stage.services, lambda m: callers.block(m.tx, CALLER, "insults", until, m.now))


def is_refused(stage: Stage, caller: Leg, why: str) -> None:
    """Greeted, told why in one sentence, and parted from; no menu, no telephone rings, no error."""
    assert stage.is_over(caller, within=40)
    heard = caller.heard_text()
    assert heard.startswith("Bonjour.")
    assert why in heard
    assert heard.endswith("Merci de votre appel. Au revoir.")
    assert "faites le" not in heard
    assert stage.outcome(caller) == "blocked"
    assert kept.places(stage, caller) == []


def is_taken(stage: Stage, caller: Leg) -> None:
    stage.hears(caller, words.MENU)
    stage.leaves(caller)


def call_briefly(stage: Stage, many: int, caller: str = CALLER) -> None:
    for _ in range(many):
        is_taken(stage, stage.call(caller))


def test_a_blocked_number_hears_a_polite_sentence(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    block(stage)
    caller = stage.call()
    caller.press("2")
    is_refused(stage, caller, BLOCKED)
    assert [one for one in stage.carrier.trace if one.kind in (Kind.ERROR, Kind.RINGING)] == []
    assert amina.ringing_leg is None
    is_taken(stage, stage.call(OTHER))
    is_taken(stage, stage.call("anonymous"))


def test_a_blocked_number_cannot_insist(stage: Stage) -> None:
    """Nor by keys, nor when one of our answers fails on the way."""
    stage.mediator("Amina", "taxes")
    block(stage)
    stage.fail_once("/voice/incoming")
    caller = stage.call()
    caller.press("9")
    is_refused(stage, caller, BLOCKED)


def test_until_then_and_no_longer(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    block(stage, days=1)
    is_refused(stage, stage.call(), BLOCKED)
    almost = make_stage(start=MONDAY + timedelta(days=1, seconds=-2))
    is_refused(almost, almost.call(), BLOCKED)
    later = make_stage(start=MONDAY + timedelta(days=1))
    is_taken(later, later.call())


def test_who_is_unblocked_is_taken(stage: Stage) -> None:
    block(stage)
    is_refused(stage, stage.call(), BLOCKED)
    assert factories.at_once(stage.services, lambda m: callers.unblock(m.tx, CALLER))
    is_taken(stage, stage.call())


def test_who_calls_too_often_is_asked_to_wait_for_an_hour(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(limits__calls_an_hour=3)
    call_briefly(stage, 3)
    refused = stage.call()
    is_refused(stage, refused, OFTEN)
    assert words.DANGER in refused.heard_text()
    is_taken(stage, stage.call(OTHER))
    is_taken(stage, stage.call("anonymous"))
    later = make_stage(start=stage.carrier.now() + timedelta(hours=1), limits__calls_an_hour=3)
    is_taken(later, later.call())


def test_withheld_numbers_share_one_limit_that_is_nobody_elses(make_stage: Callable[..., Stage]) -> None:
    limits = {"limits__anonymous_calls_an_hour": 10, "limits__calls_an_hour": 3}
    stage = make_stage(**limits)
    for shown in ("anonymous", "Restricted", "+266696687", "", "sip:anonymous@x"):
        call_briefly(stage, 2, shown)
    refused = stage.call("anonymous")
    is_refused(stage, refused, words.DANGER)
    is_refused(stage, stage.call("Unavailable"), words.DANGER)
    is_taken(stage, stage.call(CALLER))
    later = make_stage(start=stage.carrier.now() + timedelta(hours=1), **limits)
    is_taken(later, later.call("anonymous"))


def test_one_who_withholds_their_number_is_not_told_that_they_have_called_before(
    make_stage: Callable[..., Stage],
) -> None:
    """It may be their first call: what is full is the bucket of all."""
    stage = make_stage(limits__anonymous_calls_an_hour=10)
    call_briefly(stage, 10, "anonymous")
    refused = stage.call("anonymous")
    is_refused(stage, refused, words.DANGER)
    assert "vous avez" not in refused.heard_text().casefold()


def test_the_minutes_of_a_day_begin_anew_with_the_lines_next_day(make_stage: Callable[..., Stage]) -> None:
    limits = {"limits__minutes_a_day": 60}
    stage = make_stage(start=MONDAY, timings__longest_talk=7200, **limits)
    amina = stage.mediator("Amina", "taxes")
    talk = stage.asks("2")
    stage.connect(talk, amina)
    stage.carrier.advance(61 * 60)
    assert talk.talking_to is amina.leg
    stage.leaves(talk)
    assert stage.outcome(talk) == "answered"
    is_refused(stage, stage.call(), words.DANGER)
    is_taken(stage, stage.call(OTHER))
    midnight = MONDAY.replace(hour=23, minute=0)
    before = make_stage(start=midnight - timedelta(minutes=2), **limits)
    is_refused(before, before.call(), words.DANGER)
    tomorrow = make_stage(start=midnight, **limits)
    is_taken(tomorrow, tomorrow.call())


def test_the_ceiling_of_a_call_in_the_menu_leads_to_a_callback(make_stage: Callable[..., Stage]) -> None:
    """Somebody's child plays with the star key."""
    stage = make_stage(limits__minutes_a_call=10)
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    for _ in range(21):
        assert words.TOO_LONG not in caller.heard_text()
        stage.carrier.advance(29)
        caller.press("*")
    stage.hears(caller, f"{words.TOO_LONG} {words.OFFERED}", within=5)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"


def test_the_ceiling_of_a_call_in_hold_leads_to_a_callback(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(limits__minutes_a_call=10, timings__longest_wait=7200)
    stage.busy()
    began_at = stage.carrier.now()
    caller = stage.holds()
    queued_at = kept.place(stage, caller).queued_at
    stage.hears(caller, words.OFFERED, within=630)
    assert timedelta(minutes=10) <= stage.carrier.now() - began_at <= timedelta(minutes=10, seconds=20)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.place(stage, caller).queued_at == queued_at


def test_no_ceiling_ever_ends_a_talk_or_what_is_said_after_it(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(limits__minutes_a_call=10)
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.carrier.advance(11 * 60)
    assert caller.talking_to is amina.leg
    amina.hang_up()
    assert stage.is_over(caller)
    assert caller.heard_text().endswith("Merci de votre appel. Au revoir.")
    assert words.TOO_LONG not in caller.heard_text()
    assert stage.outcome(caller) == "answered"


def test_the_ceiling_waits_for_a_telephone_that_rings(make_stage: Callable[..., Stage]) -> None:
    """The ceiling is reached while it rings: whoever picks up is connected."""
    stage = make_stage(limits__minutes_a_call=10, timings__longest_wait=7200, timings__wrap_up=0)
    amina = stage.busy()
    caller = stage.holds()
    stage.carrier.advance(565)
    amina.hang_up()
    assert stage.rings("Amina", within=10)
    stage.carrier.advance(18)
    stage.connect(caller, amina)


def test_emergency_numbers_are_named_on_request_and_the_menu_goes_on(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.hears(caller, "Si une vie est en danger, appuyez sur la touche dièse")
    caller.press("#")
    stage.hears(caller, "Si une vie est en danger, raccrochez et appelez les secours.")
    assert "Le 15 pour un médecin. Le 17 pour la police. Le 18 pour les pompiers." in caller.heard_text()
    assert "Ou le 112, partout en Europe." in caller.heard_text()
    stage.hears(caller, words.MENU, times=2)
    caller.press("2")
    stage.carrier.advance(6)
    stage.connect(caller, amina)


def test_asking_for_the_emergency_numbers_again_and_again_never_costs_the_call(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.call()
    for times in range(1, 6):
        caller.press("#")
        stage.hears(caller, "appelez les secours", times=times)
        stage.carrier.advance(20)
    caller.press("2")
    stage.carrier.advance(6)
    stage.connect(caller, amina)
