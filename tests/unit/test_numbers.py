"""Telephone numbers: who calls, what was keyed, what a person wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr import numbers
from hotline.switchboard.lines import Lines, line
from tests import scripts

FRENCH = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF")


@pytest.mark.parametrize("shown", ["+33199001234", "+33639980001", " +33199001234 ", "+1415867531"])
def test_a_number_in_international_form_identifies_a_caller(shown: str) -> None:
    assert numbers.caller(shown) == shown.strip()


@pytest.mark.parametrize(
    "shown",
    [
        *("", "anonymous", "Restricted", "Unavailable", "Unknown", "sip:anonymous@example.org"),
        *("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"),
        *("0199001234", "+0199001234", "+3319", "+1234567890123456", "+33 1 99 00 12 34", "+٣٣١٩٩٠٠١٢٣٤"),
    ],
)
def test_everything_else_identifies_nobody(shown: str) -> None:
    assert numbers.caller(shown) is None


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("0199001234", "+33199001234"),
        ("0033199001234", "+33199001234"),
        ("01 99*00 12 34", "+33199001234"),
        ("123", None),
        ("", None),
        ("15", None),
        ("0639980001", None),
        ("99999999999999999999", None),
    ],
)
def test_a_keyed_number_is_read_by_the_rules_of_the_region(digits: str, number: str | None) -> None:
    assert numbers.keyed(digits, "FR") == number


def test_fiction_is_allowed_where_it_is_asked_for() -> None:
    assert numbers.keyed("0639980001", "FR", fiction=True) == "+33639980001"
    assert numbers.keyed("06399800", "FR", fiction=True) is None


@pytest.mark.parametrize("digits", ["0", "06", "06399", "063998000", "00", "0033", "003363998000", "15"])
def test_more_digits_may_follow(digits: str) -> None:
    assert numbers.is_begun(digits, "FR")


@pytest.mark.parametrize("digits", ["", "*", "0639980009", "0599999999", "06399800091", "9" * 300])
def test_no_more_digits_may_follow(digits: str) -> None:
    assert not numbers.is_begun(digits, "FR")


@pytest.mark.parametrize("text", ["01 99 00 12 34", "+33 1 99 00 12 34", "01.99.00.12.34", "0033199001234"])
def test_a_written_number_is_read_as_people_write(text: str) -> None:
    assert numbers.written(text, "FR") == "+33199001234"


@pytest.mark.parametrize("text", ["", "Amina", "06 39 98 00 01", "1234"])
def test_a_written_number_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=f"^'{text}' is not a telephone number"):
        numbers.written(text, "FR")


@pytest.mark.parametrize("text", ["01 99 00 12 34", "06 12 34 56 78", "09 70 12 34 56", "+32 470 12 34 56"])
def test_a_volunteer_answers_at_an_ordinary_number(text: str) -> None:
    assert numbers.volunteers(text, "FR") == numbers.written(text, "FR")


@pytest.mark.parametrize(
    "text",
    [
        "0899 70 00 00",
        "+33 800 12 34 56",
        "0806 70 01 00",
        "+44 70 1234 5678",
        "+870 773 111 632",
        "+881 6 1234 5678",
        "+882 16 123 4567",
        "+883 5100 1234 5678",
        "Amina",
    ],
)
def test_no_volunteer_answers_at_networks_of_the_whole_world_or_at_what_is_no_telephone(text: str) -> None:
    with pytest.raises(ValueError, match="telephone"):
        numbers.volunteers(text, "FR")


@pytest.mark.parametrize("region", FRENCH)
@pytest.mark.parametrize("digits", ["0899700000", "0836656565", "0825000000", "0033899700000"])
def test_numbers_that_cost_more_are_not_called_back(digits: str, region: str) -> None:
    assert numbers.keyed(digits, region) is None


@pytest.mark.parametrize("shown", ["+33899700001", "+33825000000", "+262892000000", "+19005551234"])
def test_a_shown_number_that_costs_more_identifies_nobody(shown: str) -> None:
    assert numbers.caller(shown) is None


@pytest.mark.parametrize("shown", ["+33800123456", "+999123456789", "+442079460000"])
def test_a_shown_number_that_costs_no_more_identifies_even_if_nobody_knows_it(shown: str) -> None:
    assert numbers.caller(shown) == shown


@pytest.mark.parametrize("region", FRENCH)
@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("0692123456", "+262692123456"),
        ("0262123456", "+262262123456"),
        ("0269612345", "+262269612345"),
        ("0639012345", "+262639012345"),
        ("0690123456", "+590690123456"),
        ("0594123456", "+594594123456"),
        ("0596301234", "+596596301234"),
        ("0199001234", "+33199001234"),
        ("0033199001234", "+33199001234"),
        ("00262692123456", "+262692123456"),
        ("06921234", None),
    ],
)
def test_a_number_is_dialled_alike_in_metropolitan_and_overseas_france(
    region: str, digits: str, number: str | None
) -> None:
    assert numbers.keyed(digits, region) == number


@given(st.from_regex("0[1-7][0-9]{8}", fullmatch=True))
def test_on_every_french_line_a_number_is_the_same(digits: str) -> None:
    assert len({numbers.keyed(digits, region) for region in FRENCH}) == 1


def test_elsewhere_the_rules_of_the_region_hold_alone() -> None:
    assert numbers.keyed("0692123456", "GB") is None
    assert numbers.keyed("02079460000", "GB") == "+442079460000"


def test_a_mediator_overseas_is_written_as_people_write_there() -> None:
    assert numbers.written("06 92 12 34 56", "FR") == "+262692123456"


def test_regions_are_known_by_their_code() -> None:
    assert numbers.is_region("FR")
    assert numbers.is_region("RE")
    assert not numbers.is_region("France")


@pytest.mark.parametrize(
    ("number", "region", "text"),
    [
        ("+33639980001", "FR", "06 39 98 00 01"),
        ("+33199001234", "RE", "01 99 00 12 34"),
        ("+262262000000", "FR", "0262 00 00 00"),
        ("+33639980001", "BE", "+33 6 39 98 00 01"),
        ("+999000001", "FR", "+999000001"),
    ],
)
def test_a_number_is_written_as_people_write_it(number: str, region: str, text: str) -> None:
    assert numbers.readable(number, region) == text


def test_a_number_is_read_as_people_dial_it_where_the_line_is() -> None:
    belgian = Lines([line("demo", scripts.body(region="BE"), fiction_numbers=True)], fiction_numbers=True)
    assert belgian.number("0470 12 34 56") == "+32470123456"
