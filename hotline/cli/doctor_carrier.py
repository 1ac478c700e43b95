"""Checks of `hotline doctor` at the carrier: its REST interface, the token, the clock, each line's number."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from hotline.cli.doctor_findings import Check, Finding, Installation, fine, note, wrong
from hotline.settings import SettingsError
from hotline.telephony import account
from hotline.telephony.account import IN_OUR_PLACE, AccountTrouble, Number

FALLBACK: Final = ("VoiceFallbackUrl", "VoiceFallbackMethod")
TOO_WRONG: Final = timedelta(seconds=30)


def carrier(here: Installation) -> Finding:
    try:
        answer = here.answer
    except AccountTrouble as error:
        return wrong(str(error))
    if answer.status == 429 or answer.status >= 500:
        return wrong(str(account.trouble(answer)))
    return fine("its REST interface answers")


def token(here: Installation) -> Finding:
    why = account.trouble(here.answer)
    return wrong(why) if why else fine("the carrier takes it")


def clock(here: Installation) -> Finding:
    date = here.account.glance().date
    if date is None:
        return note("the carrier's answer bears no date to compare it with")
    off = here.clock.now() - date
    if abs(off) > TOO_WRONG:
        way = "fast" if off > timedelta() else "slow"
        return wrong(
            f"{abs(off).total_seconds():.0f} s {way}, by the carrier's: set it over the network "
            "(`timedatectl set-ntp true`)"
        )
    return fine("right")


def number_is_ours(number: str, here: Installation) -> Finding:
    try:
        found = here.account.find(number)
    except AccountTrouble as error:
        return wrong(str(error))
    if found is None:
        return wrong("the account does not have it: buy it there, or correct `numbers` in the line's script")
    return _as_expected(found, here)


def of_numbers(here: Installation) -> Iterator[Check]:
    """One check for each number of the lines; to be asked for once the scripts were looked at."""
    needs = ("scripts", "token")
    try:
        numbers = [number for line in here.lines.lines for number in line.script.numbers]
    except SettingsError:
        yield Check("numbers", partial(number_is_ours, ""), needs)
        return
    for number in numbers:
        yield Check(number, partial(number_is_ours, number), needs)


def _as_expected(found: Number, here: Installation) -> Finding:
    taken = [parameter for parameter in IN_OUR_PLACE if found.values[parameter]]
    if taken:
        return wrong(f"{' and '.join(taken)} answers in our place: see `hotline twilio connect --dry-run`")
    wanted = account.webhooks(here.settings.public_url)
    elsewhere = found.values["VoiceFallbackUrl"] not in ("", wanted["VoiceFallbackUrl"])
    if elsewhere:
        wanted = {parameter: value for parameter, value in wanted.items() if parameter not in FALLBACK}
    differing = [change.parameter for change in account.changes(found, wanted)]
    if differing:
        return wrong(f"{', '.join(differing)} not as expected: `hotline twilio connect` puts that right")
    return fine(f"asks us; its fallback is {'hosted elsewhere' if elsewhere else 'ours'}")


CHECKS: Final = (
    Check("carrier", carrier, ("settings",)),
    Check("token", token, ("carrier",)),
    Check("clock", clock, ("carrier",)),
)
