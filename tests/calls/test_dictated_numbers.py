"""The number at which somebody is to be called back is read back to them, and may be corrected."""

import logging
import re

import pytest

from hotline.ivr import numbers
from hotline.queue.ids import TicketId
from hotline.store import tickets
from tests import factories
from tests.calls import talks
from tests.calls.stage import Stage
from tests.calls.talks import Talk, again, desk_of, over
from tests.dashboard.visitor import Visitor

TYPED, RIGHT = "01 99 00 55 45", "01 99 00 55 46"
READ_IT_BACK, CORRECT, ANOTHER = "Relisez le numéro", "Corriger le numéro", "Rappeler à un autre numéro"


@pytest.fixture
def withheld(stage: Stage) -> Talk:
    """Amina talks with somebody who withholds their number, and has promised to call back where they said."""
    stage.mediator("Amina", "taxes")
    talk = again(stage, desk_of(stage, "Amina"), "anonymous")
    talk.desk.post(f"/desk/{talk.offer}/callback", number=TYPED)
    return talk


def correct(talk: Talk, number: str) -> str:
    return talk.desk.post(f"/desk/{talk.offer}/callback/number", corrected=number).text


def finish(talk: Talk, **more: str) -> str:
    form = {"disposition": "call_back", "topic": "taxes"} | more
    return talk.desk.post(f"/desk/{talk.offer}/finish", **form).text


def ticket_of(stage: Stage, talk: Talk) -> TicketId:
    (ticket,) = stage.tickets(talk.caller)
    return ticket.id


def number_of(stage: Stage, talk: Talk) -> str:
    with stage.services.store.reading() as tx:
        found = tickets.number(tx, ticket_of(stage, talk))
    assert found is not None
    return numbers.readable(found)


def reveals(stage: Stage) -> int:
    with stage.services.store.reading() as tx:
        return len(tx.connection.exec_driver_sql("SELECT id FROM reveals").all())


def claimed(stage: Stage, talk: Talk, name: str) -> Visitor:
    """Somebody else calls them back, after the write-up."""
    stage.mediator(name, "taxes")
    colleague = desk_of(stage, name)
    colleague.post(f"/day/{ticket_of(stage, talk)}/claim")
    return colleague


def test_what_was_typed_is_there_to_be_read_back_and_corrected(stage: Stage, withheld: Talk) -> None:
    shown = withheld.desk.get("/desk/now").text
    assert READ_IT_BACK in shown
    assert TYPED in shown
    corrected = correct(withheld, RIGHT)
    assert RIGHT in corrected
    assert TYPED not in corrected
    assert number_of(stage, withheld) == RIGHT
    over(stage, withheld)
    after = withheld.desk.get("/desk/now").text
    assert RIGHT in after
    assert READ_IT_BACK not in after, "nobody is there to hear it"
    assert CORRECT in after
    correct(withheld, TYPED)
    assert number_of(stage, withheld) == TYPED
    assert reveals(stage) == 0


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("douze", "pas un numéro de téléphone"),
        ("08 99 00 00 00", "pas un numéro de téléphone"),
        (factories.LINE, "numéro de la ligne elle-même"),
        ("", "Écrivez d’abord le numéro"),
    ],
)
def test_what_cannot_be_called_corrects_nothing(stage: Stage, withheld: Talk, number: str, said: str) -> None:
    answer = correct(withheld, number)
    assert said in answer
    assert f'value="{number or TYPED}"' in answer
    assert number_of(stage, withheld) == TYPED


def test_the_lines_own_number_is_not_promised_either(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    talk = again(stage, desk_of(stage, "Amina"), "anonymous")
    answer = talk.desk.post(f"/desk/{talk.offer}/callback", number=factories.LINE).text
    assert "numéro de la ligne elle-même" in answer
    assert stage.tickets(talk.caller) == []
    over(stage, talk)
    assert "celui de la ligne elle-même" in finish(talk, number=factories.LINE)


def test_a_correction_that_was_not_sent_goes_with_the_write_up(stage: Stage, withheld: Talk) -> None:
    over(stage, withheld)
    assert "pas un numéro" in finish(withheld, disposition="solved", corrected="douze", corrected_from=TYPED)
    finish(withheld, disposition="solved", corrected=RIGHT, corrected_from=TYPED)
    assert number_of(stage, withheld) == RIGHT


def test_a_number_that_was_left_as_it_was_overwrites_no_newer_one(stage: Stage, withheld: Talk) -> None:
    correct(withheld, RIGHT)
    over(stage, withheld)
    finish(withheld, corrected=TYPED, corrected_from=TYPED)
    assert number_of(stage, withheld) == RIGHT


def test_once_it_is_written_up_the_number_is_masked_again(stage: Stage, withheld: Talk) -> None:
    over(stage, withheld)
    finish(withheld)
    assert "Rien n’a été changé" in correct(withheld, RIGHT)
    assert number_of(stage, withheld) == TYPED
    assert TYPED not in withheld.desk.get("/day").text


def test_nobody_else_sees_or_corrects_it(stage: Stage, withheld: Talk) -> None:
    stage.mediator("Bruno", "work")
    bruno = desk_of(stage, "Bruno")
    assert bruno.post(f"/desk/{withheld.offer}/callback/number", corrected=RIGHT).status_code == 404
    withheld.desk.post(f"/desk/{withheld.offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    stage.connect(withheld.caller, stage.phones["Bruno"])
    shown = bruno.get("/desk/now").text
    assert "En conversation" in shown
    assert TYPED not in shown
    assert number_of(stage, withheld) == TYPED
    offer = talks.offer_of(stage, "Bruno")
    assert TYPED not in bruno.post(f"/desk/{offer}/callback").text, "Amina typed it"
    assert ANOTHER in bruno.get("/desk/now").text


def test_whose_number_is_known_may_name_another_one(stage: Stage) -> None:
    talk = talks.talk(stage)
    shown = talk.desk.get("/desk/now").text
    assert ANOTHER in shown
    assert "Promettre un rappel" in shown
    promised = talk.desk.post(f"/desk/{talk.offer}/callback", number=TYPED).text
    assert READ_IT_BACK in promised
    assert TYPED in promised
    assert number_of(stage, talk) == TYPED


def test_a_number_that_is_known_is_read_back_to_nobody_and_may_still_be_another_one(stage: Stage) -> None:
    talk = talks.talk(stage)
    promised = talk.desk.post(f"/desk/{talk.offer}/callback").text
    assert READ_IT_BACK not in promised
    assert numbers.readable(factories.CALLER) not in promised
    assert ANOTHER in promised
    assert TYPED in correct(talk, TYPED)
    assert number_of(stage, talk) == TYPED


def test_whoever_calls_back_corrects_what_one_of_us_has_typed(stage: Stage, withheld: Talk) -> None:
    over(stage, withheld)
    bruno, ticket = claimed(stage, withheld, "Bruno"), ticket_of(stage, withheld)
    card = bruno.get("/day").text
    assert CORRECT in card
    assert TYPED not in card
    assert "pas un numéro" in bruno.post(f"/day/{ticket}/correct", number="douze").text
    assert "de la ligne elle-même" in bruno.post(f"/day/{ticket}/correct", number=factories.LINE).text
    corrected = bruno.post(f"/day/{ticket}/correct", number=RIGHT).text
    assert "Le numéro est corrigé." in corrected
    assert reveals(stage) == 0
    ids = [re.findall(rf'id="number-{ticket}-(\d+)"', page) for page in (card, corrected)]
    assert ids[0] != ids[1], "the old one does not stay on the page"
    assert "55 46" in bruno.post(f"/day/{ticket}/number").text
    assert reveals(stage) == 1
    amina = withheld.desk.get(f"/desk/{withheld.offer}/write-up").text
    assert RIGHT not in amina, "she has not typed that"


def test_only_whoever_calls_back_does(stage: Stage, withheld: Talk) -> None:
    over(stage, withheld)
    claimed(stage, withheld, "Bruno")
    answer = withheld.desk.post(f"/day/{ticket_of(stage, withheld)}/correct", number=RIGHT)
    assert answer.status_code == 409
    assert number_of(stage, withheld) == TYPED


def test_a_callers_own_number_is_not_for_us_to_correct(stage: Stage) -> None:
    caller = talks.promised(stage)
    stage.mediator("Amina", "taxes")
    amina = desk_of(stage, "Amina")
    (ticket,) = stage.tickets(caller)
    assert CORRECT not in amina.post(f"/day/{ticket.id}/claim").text
    assert amina.post(f"/day/{ticket.id}/correct", number=RIGHT).status_code == 409


def test_no_number_gets_into_a_log(stage: Stage, withheld: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    correct(withheld, RIGHT)
    over(stage, withheld)
    finish(withheld)
    assert not re.search(r"55.?4[56]", caplog.text)
