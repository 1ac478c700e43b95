"""What a mediator sees of the calls that the same person made before."""

import re

from tests.calls.stage import Stage
from tests.calls.talks import again, desk_of, offer_of


def test_an_earlier_call_stands_once_with_all_that_was_noted(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    desk, other = desk_of(stage, "Amina"), desk_of(stage, "Bruno")
    first = again(stage, desk, "+33639980001")
    desk.post_json(f"/desk/{first.offer}/note", note="Cherche son avis", revision=0)
    desk.post(f"/desk/{first.offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    handed_on = offer_of(stage, "Bruno")
    stage.connect(first.caller, stage.phones["Bruno"])
    other.post_json(f"/desk/{handed_on}/note", note="Avis retrouvé", revision=0)
    other.post(f"/desk/{handed_on}/callback")
    stage.is_helped(first.caller)
    other.post(f"/desk/{handed_on}/finish", disposition="call_back")
    desk.post(f"/desk/{first.offer}/finish", disposition="partly")
    stage.carrier.advance(120)
    stage.mediator("Chloé", "benefits")
    stage.asks("1", "+33639980001")
    assert stage.rings("Chloé")
    shown = desk_of(stage, "Chloé").get("/desk").text
    earlier = re.findall(r'<ul class="earlier">.*?</ul>', shown, re.DOTALL)
    assert len(earlier) == 1
    assert earlier[0].count("<li>") == 1
    assert "Cherche son avis\nAvis retrouvé" in earlier[0]
    assert "rappeler" in earlier[0]
