"""What a desk says of a caller is true at that instant, and about this call."""

from tests.calls import talks
from tests.calls.stage import Stage
from tests.calls.talks import over, rung, talk

COMES_BACK = "L’appel revient : Bruno n’a pas pu le prendre."
HOW_TO_DIAL = "Ce lien compose d’abord #31#"


def test_who_rings_again_has_waited_in_this_call_and_not_since_the_promise(stage: Stage) -> None:
    talks.promised(stage)
    stage.carrier.advance(600)
    caller, desk = rung(stage)
    ringing = desk.get("/desk/now").text
    stage.connect(caller, stage.phones["Amina"])
    for shown in (ringing, desk.get("/desk/now").text):
        assert "Un rappel lui a été promis" in shown
        assert "moins d’une minute" in shown
        assert " min<" not in shown


def test_that_a_call_comes_back_is_not_said_any_more_when_it_is_over(stage: Stage) -> None:
    caller, desk, offer = talk(stage)
    stage.mediator("Bruno", "work")
    desk.post(f"/desk/{offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    desk.post(f"/desk/{offer}/finish", disposition="passed_on")
    stage.phones["Bruno"].reject()
    assert stage.rings("Amina")
    assert COMES_BACK in desk.get("/desk/now").text
    stage.connect(caller, stage.phones["Amina"])
    assert COMES_BACK in desk.get("/desk/now").text
    stage.leaves(caller)
    after = desk.get("/desk/now").text
    assert "Comment s’est passé cet appel" in after
    assert COMES_BACK not in after


def test_how_to_dial_is_folded_away_where_nobody_dials(stage: Stage) -> None:
    found = talk(stage)
    shown = found.desk.post(f"/desk/{found.offer}/number").text
    assert "<summary>Appeler ce numéro</summary>" in shown
    found.desk.post(f"/desk/{found.offer}/callback")
    over(stage, found)
    found.desk.post(f"/desk/{found.offer}/finish", disposition="call_back")
    (ticket,) = stage.tickets(found.caller)
    found.desk.post(f"/day/{ticket.id}/claim")
    dials = found.desk.post(f"/day/{ticket.id}/number").text
    assert HOW_TO_DIAL in dials
    assert "<details" not in dials
