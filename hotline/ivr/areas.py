"""Where a number comes from, as far as it tells."""

import re
from typing import Final

import phonenumbers

from hotline.ivr import numbers

_LANDLINE: Final = re.compile(r"\+33([1-5])[0-9]{8}")
_FRANCE: Final = 33
# several territories and one country code
_SHARED: Final = {262: "262", 590: "590"}
# what carriers make of 02 62… who do not know that these have a country code of their own
_OVERSEAS: Final = re.compile(r"\+33(262|269|590|594|596)[0-9]{6}")
_OWN_CODE: Final = {"262": "262", "269": "262", "590": "590", "594": "GF", "596": "MQ"}
_NOWHERE: Final = "001"
"""The region of numbers that belong to no country, as phonenumbers says it."""


def area(number_e164: str) -> str | None:
    """The area of a caller's number: a French zone "01" to "05", "262" or "590", or a territory ("BE").

    None where the number tells nothing: French mobiles, 08 and 09, withheld and odd numbers.

    Source: Arcep's numbering plan (decision 2018-0881, as amended), by which the first two digits of a
    French landline name one of five zones, and overseas territories have country codes of their own: 262
    for La Réunion and Mayotte, 590 for Guadeloupe, Saint-Martin and Saint-Barthélemy, 594, 596, 508, 681,
    687, 689. Since 1 January 2023 (decision 2019-0954) whoever moves within mainland France may keep the
    number: a zone is where a number comes from, and mostly where its owner is.
    """
    if numbers.caller(number_e164) is None:
        return None
    overseas, landline = _OVERSEAS.fullmatch(number_e164), _LANDLINE.fullmatch(number_e164)
    if overseas:
        return _OWN_CODE[overseas[1]]
    return f"0{landline[1]}" if landline else _elsewhere(number_e164)


def _elsewhere(number_e164: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number_e164)
    except phonenumbers.NumberParseException:
        return None
    if parsed.country_code == _FRANCE or not phonenumbers.is_possible_number(parsed):
        return None
    if parsed.country_code in _SHARED:
        return _SHARED[parsed.country_code]
    region = phonenumbers.region_code_for_number(parsed)
    return None if region in (None, _NOWHERE) else str(region)
