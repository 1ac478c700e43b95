"""Each happening can be said in a plain sentence."""

from collections.abc import Callable

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind
from hotline.simulator.trace_words import SENTENCES, Language, spaced

LINE, AMINA = "+33199001234", "+33639980101"


@pytest.fixture
def lived(call: Callable[[str], Leg], carrier: Carrier) -> Carrier:
    carrier.register_phone(AMINA, "Amina")
    leg = call(
        '<Gather timeout="1"><Say>Un</Say></Gather>'
        f'<Dial callerId="{LINE}"><Number>{AMINA}</Number></Dial><Enqueue waitUrl="">aide</Enqueue>'
    )
    leg.press("#")
    carrier.phone(AMINA).answer()
    carrier.phone(AMINA).hang_up()
    leg.hang_up()
    return carrier


def test_a_ringing_telephone_in_french(lived: Carrier) -> None:
    said = lived.words()
    assert "Le téléphone de +33 6 39 98 01 01 sonne. Il affiche le +33 1 99 00 12 34." in said
    assert "+33 6 39 98 00 01 et +33 6 39 98 01 01 se parlent." in said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_happening_has_its_words(lived: Carrier, language: Language) -> None:
    assert set(SENTENCES[language]) == set(Kind)
    assert len(lived.words(language)) == len(lived.trace)


def test_an_anonymous_caller_is_called_so(carrier: Carrier) -> None:
    carrier.exchange.trace.add(Kind.CALL_STARTED, "CA1", number="anonymous", to=LINE)
    assert carrier.words() == ["numéro masqué appelle le +33 1 99 00 12 34."]


def test_foreign_numbers_are_left_alone() -> None:
    assert spaced("+4930123456") == "+4930123456"
