"""Telephone numbers: who is calling, and what was keyed. Identity is E.164 or nothing."""

import re
from typing import Final

import phonenumbers

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# Carriers spell words on a keypad when the caller's number is withheld: ANONYMOUS, RESTRICTED, BLOCKED,
# UNKNOWN, UNAVAILABLE. Seen in practice, not documented.
_SPELT: Final = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
# Kept by Arcep for films and books, and so refused by phonenumbers: for the demo and the tests.
_FICTION = re.compile(r"\+3363998[0-9]{4}")
_DEAR: Final = frozenset(
    {phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST}
)
_NOBODYS: Final = _DEAR | {
    phonenumbers.PhoneNumberType.PAGER,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
    phonenumbers.PhoneNumberType.TOLL_FREE,
    phonenumbers.PhoneNumberType.UAN,
    phonenumbers.PhoneNumberType.VOICEMAIL,
}
"""What no volunteer answers at home."""
# One national plan: 0692… is dialled alike in Paris and in Saint-Denis, and 01… too.
_OVERSEAS: Final = ("GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF")
# several country codes and one way to dial: nobody there writes or says "plus"
_FRANCE: Final = frozenset({33, 262, 590, 594, 596})
_OF_ALL: Final = re.compile(r"\D*08")
"""What begins like this belongs to no territory."""


def caller(shown: str) -> str | None:
    """The caller's number in E.164, or None for everything that identifies nobody.

    No telephone shows a number that costs whoever calls it more: somebody made it up, to be called back.
    """
    shown = shown.strip()
    if not _E164.fullmatch(shown) or shown in _SPELT:
        return None
    number = _parsed(shown)
    return None if number is not None and _is_dear(number) else shown


def keyed(digits: str, region: str, *, fiction: bool = False) -> str | None:
    """The number that was keyed on a telephone in `region` ("FR"), in E.164; None when it is no number.

    International forms begin with 00. `fiction` allows the ranges kept for films and books. Numbers that cost
    whoever calls them more than an ordinary call are refused: calling back must not be a way to be paid.
    """
    return _valid(re.sub(r"\D", "", digits), region, fiction=fiction)


def is_begun(digits: str, region: str) -> bool:
    """Whether these digits are the beginning of a number, so that more of them may follow."""
    more = re.sub(r"\D", "", digits) + "0"
    try:
        reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(more, region))
    except phonenumbers.NumberParseException as error:
        return len(more) > 1 and error.error_type != phonenumbers.NumberParseException.TOO_LONG
    return len(more) > 1 and reason != phonenumbers.ValidationResult.TOO_LONG


def written(text: str, region: str, *, fiction: bool = False) -> str:
    """The number that a person in that region wrote, in E.164. Raises ValueError when it is none."""
    number = _valid(text, region, fiction=fiction)
    if number is None:
        raise ValueError(f"{text!r} is not a telephone number like +33 1 99 00 12 34")
    return number


def volunteers(text: str, region: str, *, fiction: bool = False) -> str:
    """The number at which somebody answers calls, in E.164. Raises ValueError when it is none.

    What belongs to no country (satellites and other networks of the whole world) is dear to call, and no
    volunteer's.
    """
    number = written(text, region, fiction=fiction)
    parsed = phonenumbers.parse(number)
    home = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    if phonenumbers.number_type(parsed) in _NOBODYS or home == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        raise ValueError(f"{text!r} is nobody's telephone")
    return number


def readable(number: str, region: str = "FR") -> str:
    """A number in E.164 as people in that region write and dial it: "01 99 00 12 34".

    Carriers also show numbers that are in nobody's plan; those stay as they are.
    """
    parsed = _parsed(number)
    if parsed is None:
        return number
    here = phonenumbers.country_code_for_region(region)
    national = parsed.country_code == here or _FRANCE.issuperset((parsed.country_code, here))
    forms = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(parsed, forms.NATIONAL if national else forms.INTERNATIONAL))


def is_region(name: str) -> bool:
    """Whether keyed national numbers can be read by the rules of that region ("FR")."""
    return name in phonenumbers.SUPPORTED_REGIONS


def _valid(text: str, region: str, *, fiction: bool) -> str | None:
    """The number by the rules of the first region that has such numbers."""
    for one in _regions(text, region):
        number = _parsed(text, one)
        if number is None:
            continue
        found = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
        if fiction and _FICTION.fullmatch(found):
            return found
        if phonenumbers.is_valid_number(number):
            return None if _is_dear(number) else found
    return None


def _regions(text: str, region: str) -> tuple[str, ...]:
    """Whose rules to read a national number by, in this order.

    The overseas blocks are narrow and FR's are wide (FR takes Martinique's 0596 for its own), so FR is last.
    """
    if region != "FR" and region not in _OVERSEAS:
        return (region,)
    if _OF_ALL.match(text):
        return (region, "FR")
    return (region, *_OVERSEAS, "FR") if region in _OVERSEAS else (*_OVERSEAS, "FR")


def _parsed(text: str, region: str | None = None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _is_dear(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in _DEAR
