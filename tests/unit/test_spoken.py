"""What a caller hears of numbers, telephone numbers and instants."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.core import UnknownLocaleError
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr import numbers, spoken
from hotline.ivr.spoken import OpeningTexts

PARIS, REUNION = "Europe/Paris", "Indian/Reunion"
FRENCH = OpeningTexts(
    today="aujourd'hui à {time}",
    tomorrow="demain {weekday} à {time}",
    this_week="{weekday} à {time}",
    later="{weekday} {date} à {time}",
    hour="{hours}",
    hour_minute="{hours} {minute}",
)
ENGLISH = OpeningTexts(
    today="today at {time}",
    tomorrow="tomorrow, {weekday}, at {time}",
    this_week="on {weekday} at {time}",
    later="on {weekday}, {date}, at {time}",
    hour="{hour12} {half}",
    hour_minute="{hour12}:{minute} {half}",
)
FRENCH_DIGITS = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]


def local(text: str, zone: str = PARIS) -> datetime:
    """An instant by the local clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def opening(at: str, now: str, texts: OpeningTexts = FRENCH, zone: str = PARIS) -> str:
    language = "fr" if texts is FRENCH else "en"
    return spoken.opening(local(at, zone), local(now, zone), zone, language, texts)


def heard(sentence: str) -> str:
    """French words back into signs."""
    words = {word: str(digit) for digit, word in enumerate(FRENCH_DIGITS)} | {"plus": "+"}
    return "".join(words[word] for word in re.findall(r"\w+", sentence))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "zéro, un, deux, trois, quatre, cinq, six, sept, huit, neuf"),
        ("en", "zero, one, two, three, four, five, six, seven, eight, nine"),
        ("es", "cero, uno, dos, tres, cuatro, cinco, seis, siete, ocho, nueve"),
        ("pt", "zero, um, dois, três, quatro, cinco, seis, sete, oito, nove"),
        ("ar", "صفر, واحد, اثنان, ثلاثة, أربعة, خمسة, ستة, سبعة, ثمانية, تسعة"),
        ("it", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
    ],
)
def test_each_digit_is_a_word(language: str, said: str) -> None:
    assert spoken.digits("0123456789", language) == said


@pytest.mark.parametrize("code", ["4712", "47 12", "47-12."])
def test_a_code_is_its_digits_and_nothing_else(code: str) -> None:
    assert spoken.digits(code, "fr") == "quatre, sept, un, deux"


@pytest.mark.parametrize(
    ("number", "region", "language", "said"),
    [
        ("+33639980001", "FR", "fr", "zéro six, trois neuf, neuf huit, zéro zéro, zéro un"),
        ("+33199001234", "FR", "fr", "zéro un, neuf neuf, zéro zéro, un deux, trois quatre"),
        ("+33639980001", "FR", "en", "zero six, three nine, nine eight, zero zero, zero one"),
        ("+33639980001", "FR", "it", "0 6, 3 9, 9 8, 0 0, 0 1"),
        (
            "+441632960123",
            "FR",
            "fr",
            "plus quatre quatre, un six, trois deux, neuf six, zéro un, deux trois",
        ),
        ("+441632960123", "GB", "en", "zero one six, three two, nine six, zero one, two three"),
        ("+12025550123", "FR", "en", "plus one, two zero two, five five five, zero one, two three"),
        ("+12025550123", "CA", "en", "two zero two, five five five, zero one, two three"),
        ("+33199001234", "BE", "fr", "plus trois trois, un, neuf neuf, zéro zéro, un deux, trois quatre"),
    ],
)
def test_a_telephone_number_is_read_as_it_is_dialled(
    number: str, region: str, language: str, said: str
) -> None:
    assert spoken.telephone(number, region, language) == (said,)


@pytest.mark.parametrize(
    ("number", "region", "said"),
    [
        ("+33639980001", "RE", "zéro six, trois neuf, neuf huit, zéro zéro, zéro un"),
        ("+262262000000", "RE", "zéro deux, six deux, zéro zéro, zéro zéro, zéro zéro"),
        ("+262262000000", "FR", "zéro deux, six deux, zéro zéro, zéro zéro, zéro zéro"),
        ("+262262000000", "BE", "plus deux six deux, deux six deux, zéro zéro, zéro zéro, zéro zéro"),
    ],
)
def test_overseas_france_is_no_other_country(number: str, region: str, said: str) -> None:
    assert spoken.telephone(number, region, "fr") == (said,)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+3363998", "six trois neuf, neuf huit"),
        ("+999000001", "plus neuf neuf neuf, zéro zéro, zéro zéro, zéro un"),
        ("+9990000001", "plus neuf neuf, neuf zéro, zéro zéro, zéro zéro, zéro un"),
    ],
)
def test_a_number_of_no_plan_is_read_all_the_same(number: str, said: str) -> None:
    assert spoken.telephone(number, "FR", "fr") == (said,)


@given(st.sampled_from(["+3319900", "+3363998"]), st.integers(0, 9999))
def test_a_french_number_is_five_pairs_that_can_be_dialled(range_: str, last: int) -> None:
    number = f"{range_}{last:04}"
    (sentence,) = spoken.telephone(number, "FR", "fr")
    assert [len(pair.split()) for pair in sentence.split(", ")] == [2] * 5
    assert numbers.keyed(heard(sentence), "FR", fiction=True) == number


@given(st.sampled_from(["+441632960", "+12025550", "+999000"]), st.integers(100, 199))
def test_no_digit_of_a_foreign_number_is_lost(range_: str, last: int) -> None:
    number = f"{range_}{last}"
    (sentence,) = spoken.telephone(number, "FR", "fr")
    assert heard(sentence) == number
    assert all(len(group.removeprefix("plus ").split()) <= 3 for group in sentence.split(", "))


@pytest.mark.parametrize(
    ("at", "now", "said"),
    [
        ("2026-11-23T14:00", "2026-11-23T12:10", "aujourd'hui à 14 heures"),
        ("2026-11-23T09:00", "2026-11-23T00:10", "aujourd'hui à 9 heures"),
        ("2026-11-24T09:00", "2026-11-23T23:50", "demain mardi à 9 heures"),
        ("2026-11-26T09:30", "2026-11-23T19:00", "jeudi à 9 heures 30"),
        ("2026-11-29T09:05", "2026-11-23T00:00", "dimanche à 9 heures 05"),
        ("2026-11-30T09:00", "2026-11-23T23:59", "lundi 30 novembre à 9 heures"),
        ("2027-01-04T09:00", "2026-12-23T19:00", "lundi 4 janvier à 9 heures"),
        ("2027-01-01T09:00", "2026-12-24T19:00", "vendredi 1er janvier à 9 heures"),
        ("2026-12-01T12:00", "2026-11-23T19:00", "mardi 1er décembre à 12 heures"),
        ("2026-12-11T12:00", "2026-11-23T19:00", "vendredi 11 décembre à 12 heures"),
        ("2028-02-29T09:00", "2028-02-28T19:00", "demain mardi à 9 heures"),
        ("2028-02-29T09:00", "2028-02-15T19:00", "mardi 29 février à 9 heures"),
    ],
)
def test_an_opening_is_said_as_people_say_it(at: str, now: str, said: str) -> None:
    assert opening(at, now) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-24T00:00", "demain mardi à 0 heure"),
        ("2026-11-24T00:30", "demain mardi à 0 heure 30"),
        ("2026-11-24T01:00", "demain mardi à 1 heure"),
        ("2026-11-24T01:15", "demain mardi à 1 heure 15"),
        ("2026-11-24T02:00", "demain mardi à 2 heures"),
    ],
)
def test_one_hour_is_singular(at: str, said: str) -> None:
    assert opening(at, "2026-11-23T19:00") == said


@pytest.mark.parametrize(
    ("at", "now", "said"),
    [
        ("2026-11-23T00:30", "2026-11-23T00:10", "today at 12:30 am"),
        ("2026-11-23T12:00", "2026-11-23T00:10", "today at 12 pm"),
        ("2026-11-24T09:00", "2026-11-23T19:00", "tomorrow, Tuesday, at 9 am"),
        ("2026-11-26T14:30", "2026-11-23T19:00", "on Thursday at 2:30 pm"),
        ("2027-01-01T09:00", "2026-12-24T19:00", "on Friday, 1 January, at 9 am"),
        ("2027-06-30T09:00", "2026-11-23T19:00", "on Wednesday, 30 June 2027, at 9 am"),
    ],
)
def test_an_opening_in_english(at: str, now: str, said: str) -> None:
    assert opening(at, now, ENGLISH) == said


@pytest.mark.parametrize(
    ("at", "now", "said"),
    [
        ("2027-01-04T09:00", "2026-07-05T10:00", "lundi 4 janvier à 9 heures"),
        ("2027-01-04T09:00", "2026-07-04T10:00", "lundi 4 janvier 2027 à 9 heures"),
        ("2027-02-01T09:00", "2026-07-04T10:00", "lundi 1er février 2027 à 9 heures"),
        ("2026-12-31T09:00", "2026-01-05T10:00", "jeudi 31 décembre à 9 heures"),
    ],
)
def test_the_year_is_said_where_it_could_be_mistaken(at: str, now: str, said: str) -> None:
    assert opening(at, now) == said


def test_the_day_is_the_one_on_the_wall_of_the_line() -> None:
    now, at = (datetime(2026, 11, 23, 20, 30, tzinfo=UTC), datetime(2026, 11, 24, 5, 0, tzinfo=UTC))
    assert spoken.opening(at, now, REUNION, "fr", FRENCH) == "aujourd'hui à 9 heures"
    assert spoken.opening(at, now, PARIS, "fr", FRENCH) == "demain mardi à 6 heures"


@pytest.mark.parametrize("sunday", ["2026-03-29", "2026-10-25"])
def test_a_day_of_23_or_25_hours_is_one_day(sunday: str) -> None:
    day = datetime.fromisoformat(sunday)
    monday, saturday = (f"{day + timedelta(days=days):%F}" for days in (1, -1))
    assert opening(f"{monday}T00:30", f"{sunday}T00:30") == "demain lundi à 0 heure 30"
    assert opening(f"{sunday}T23:30", f"{saturday}T23:59") == "demain dimanche à 23 heures 30"
    assert opening(f"{monday}T09:00", f"{saturday}T09:00") == "lundi à 9 heures"


@pytest.mark.parametrize(
    ("language", "time", "said"),
    [
        ("es", "09:00", "lunes 4 de enero, 9 horas"),
        ("pt", "09:00", "segunda-feira 4 de janeiro, 9 horas"),
        ("pt", "00:00", "segunda-feira 4 de janeiro, 0 horas"),  # in Brazil: "0 hora"
        ("ar", "09:00", "الاثنين 4 يناير, 9 ساعات"),
    ],
)
def test_every_voice_has_its_words_for_a_day(language: str, time: str, said: str) -> None:
    texts = OpeningTexts("", "", "", "{weekday} {date}, {time}", "{hours}", "")
    at, now = local(f"2027-01-04T{time}"), local("2026-12-24T19:00")
    assert spoken.opening(at, now, PARIS, language, texts) == said


def test_hours_can_be_said_as_bare_numbers() -> None:
    texts = OpeningTexts("{time}", "", "", "", "{hour}h", "{hour}h{minute}")
    now = local("2026-11-23T00:00")
    assert spoken.opening(local("2026-11-23T14:00"), now, PARIS, "fr", texts) == "14h"
    assert spoken.opening(local("2026-11-23T14:05"), now, PARIS, "fr", texts) == "14h05"


def test_a_language_of_nobody() -> None:
    now = local("2026-11-23T00:00")
    with pytest.raises(UnknownLocaleError):
        spoken.opening(now + timedelta(hours=9), now, PARIS, "xx", FRENCH)


@pytest.mark.parametrize(("seconds", "whole"), [(0, 0), (1, 1), (60, 1), (60.1, 2), (61, 2), (600, 10)])
def test_minutes_are_rounded_up(seconds: float, whole: int) -> None:
    assert spoken.minutes(timedelta(seconds=seconds)) == whole
