"""What a mediator writes down of a talk: how it ended for the caller."""

from enum import StrEnum
from typing import Final


class Disposition(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    CALL_BACK = "call_back"
    PASSED_ON = "passed_on"
    NOT_FOR_US = "not_for_us"
    SILENT = "silent"
    ABUSIVE = "abusive"


UNHELPFUL: Final = frozenset({Disposition.CALL_BACK, Disposition.SILENT, Disposition.ABUSIVE})
"""After a talk that ended so nobody has been helped: a callback that was promised before is still owed."""
