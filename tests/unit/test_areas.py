"""Where callers' numbers come from, as far as they tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.areas import area


@pytest.mark.parametrize(
    ("number", "where"),
    [
        ("+33199001234", "01"),
        ("+33261911234", "02"),
        ("+33353011234", "03"),
        ("+33465711234", "04"),
        ("+33536491234", "05"),
        ("+262262123456", "262"),
        ("+262692123456", "262"),
        ("+262269612345", "262"),
        ("+590690123456", "590"),
        ("+594594123456", "GF"),
        ("+596596301234", "MQ"),
        ("+508412345", "PM"),
        ("+681721234", "WF"),
        ("+687261234", "NC"),
        ("+68940412345", "PF"),
        ("+442079460000", "GB"),
        ("+12125550123", "US"),
        ("+14165550123", "CA"),
        ("+77012345678", "KZ"),
    ],
)
def test_a_number_tells_where_it_comes_from(number: str, where: str) -> None:
    assert area(number) == where


@pytest.mark.parametrize(("number", "where"), [("+33262123456", "262"), ("+33594123456", "GF")])
def test_a_territory_that_a_carrier_takes_for_mainland_france(number: str, where: str) -> None:
    assert area(number) == where


@pytest.mark.parametrize(
    "number",
    [
        *("+33639980123", "+33700000000", "+33800123456", "+33899700001", "+33970000000"),
        *("", "anonymous", "0199001234", "+266696687", "+8656696"),
        *("+3319900", "+331990012345", "+15555550123", "+999123456789", "+800123456789", "+881612345678"),
    ],
)
def test_others_tell_nothing(number: str) -> None:
    assert area(number) is None


@given(st.from_regex(r"\+33[67][0-9]{8}", fullmatch=True))
def test_a_french_mobile_is_from_anywhere(number: str) -> None:
    assert area(number) is None


@given(st.text() | st.from_regex(r"\+[0-9]{1,16}", fullmatch=True))
def test_whatever_is_shown_there_is_an_answer(number: str) -> None:
    assert area(number) is None or area(number)
