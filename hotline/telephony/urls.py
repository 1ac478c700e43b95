"""The addresses under which the carrier finds us again."""

from dataclasses import dataclass
from typing import Final

from hotline.queue.ids import OfferId
from hotline.telephony import music

# One more try when we cannot be reached or fail, and no longer than six seconds for each: a caller hears
# silence meanwhile. The carrier reads the fragment; it is neither sent nor signed.
OVERRIDES: Final = "#rc=1&rp=ct,5xx&rt=6000"


@dataclass(frozen=True, slots=True)
class Urls:
    """All below one configured base, never taken from a request."""

    base: str

    def turn(self, number: int) -> str:
        return self._to(f"turn?n={number}")

    def rung(self, number: int) -> str:
        return self._to(f"rung?n={number}")

    def held(self, number: int) -> str:
        return self._to(f"held?n={number}")

    def again(self) -> str:
        return self._to("again")

    def wait(self) -> str:
        return self._to("wait")

    def keyed(self) -> str:
        return self._to("keyed")

    def message(self, number: int) -> str:
        return self._to(f"message?n={number}")

    def recorded(self) -> str:
        return self._to("recorded")

    def fetched(self, offer: OfferId) -> str:
        return self._to(f"fetched?offer={offer}")

    def whisper(self, offer: OfferId) -> str:
        return self._to(f"whisper?offer={offer}")

    def whispered(self, offer: OfferId, asked: int) -> str:
        return self._to(f"whispered?offer={offer}&asked={asked}")

    def mediator_leg(self, offer: OfferId) -> str:
        return self._to(f"leg?offer={offer}")

    def check(self, token: str) -> str:
        return self._to(f"check?token={token}")

    def music(self, part: int) -> str:
        """A part of the hold music; whoever counts on past the last begins again."""
        # a file that the carrier keeps, and no webhook: without overrides
        return f"{self.base}/sounds/hold-{part % music.PARTS}.wav"

    def _to(self, path: str) -> str:
        return f"{self.base}/voice/{path}{OVERRIDES}"
