"""What a caller is owed, as the desk shows it: which code belongs to what, and which one is to be said."""

import re

import pytest

from hotline.queue.ids import CallId
from hotline.simulator.legs import Leg
from hotline.store import tickets
from hotline.store.transactions import Tx
from tests import factories
from tests.calls import talks
from tests.calls.stage import Stage
from tests.calls.talks import desk_of, offer_of
from tests.dashboard.visitor import Visitor

PROMISE, KEEP = "Promettre un rappel", "Garder ce rappel"
SAY_IT = "Dites-lui son code"


def owed(stage: Stage, call: CallId, topic: str, code: str, *, told: bool = True) -> None:
    """Another matter of the same number, of which somebody has been promised a callback."""

    def write(tx: Tx) -> None:
        key = tickets.add(tx, call, "demo", topic, "fr", code, None, stage.services.clock.now())
        tickets.set_number(tx, key, factories.CALLER)
        if told:
            tickets.tell(tx, key)

    stage.services.store.run(write)


def boxes(page: str) -> list[str]:
    """The text of each box of promises."""
    found = re.findall(r'<section id="promises".*?</section>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


@pytest.fixture
def rings_again(stage: Stage) -> tuple[Leg, Visitor]:
    """Somebody who was promised a callback about taxes rings Amina about it, and is owed two more."""
    first = talks.promised(stage)
    call, _ = stage.summary(first)
    owed(stage, call, "work", "1234")
    owed(stage, call, "health", "5678", told=False)
    return talks.rung(stage)


def test_one_box_says_which_code_belongs_to_what_the_one_of_this_call_first(
    stage: Stage, rings_again: tuple[Leg, Visitor]
) -> None:
    caller, desk = rings_again
    ringing = desk.get("/desk/now").text
    stage.connect(caller, stage.phones["Amina"])
    for shown in (ringing, desk.get("/desk/now").text):
        (box,) = boxes(shown)
        said, _, more = box.partition("Promis aussi :")
        assert said.startswith("Plusieurs rappels lui ont été promis. Dites-lui son code")
        assert re.search(r"\b\d{4} impôts · promis lundi 23 novembre à 10:00", said)
        assert "1234 emploi · promis lundi 23 novembre" in more
        assert "santé · promis" in more
        assert "5678" not in box, "nobody has told them"


def test_what_this_call_replaces_may_be_kept_and_then_nothing_else_is_offered(
    stage: Stage, rings_again: tuple[Leg, Visitor]
) -> None:
    caller, desk = rings_again
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    shown = desk.get("/desk/now").text
    assert KEEP in shown
    assert PROMISE not in shown
    kept = desk.post(f"/desk/{offer}/callback").text
    for shown in (kept, desk.get("/desk/now").text):
        assert "Dites ce code à la personne" in shown
        assert SAY_IT not in shown
        assert KEEP not in shown
        assert PROMISE not in shown
    stage.leaves(caller)
    after = desk.get("/desk/now").text
    assert "Il est dans « Ma journée »" in after
    assert "1234" not in after, "nobody is there to be told"


def test_another_matter_leaves_a_promise_for_this_one_to_be_made(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    desk, caller = desk_of(stage, "Amina"), stage.asks("2")
    assert stage.rings("Amina")
    call, _ = stage.summary(caller)
    stage.connect(caller, stage.phones["Amina"])
    assert PROMISE in desk.get("/desk/now").text
    owed(stage, call, "work", "1234")
    shown = desk.get("/desk/now").text
    assert "Un rappel lui a été promis." in shown
    assert PROMISE not in shown
    assert "Promettre aussi un rappel pour cet appel" in shown


def test_whoever_gets_a_call_handed_on_sees_what_was_promised_in_it(stage: Stage) -> None:
    caller, desk, offer = talks.talk(stage)
    stage.mediator("Bruno", "work")
    desk.post(f"/desk/{offer}/callback")
    (ticket,) = stage.tickets(caller)
    desk.post(f"/desk/{offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    (box,) = boxes(desk_of(stage, "Bruno").get("/desk/now").text)
    assert f"{ticket.code} impôts" in box
    (box,) = boxes(desk.get("/desk/now").text)
    assert ticket.code in box
    assert "Ma journée" not in box, "it goes with the call"
