"""What a webhook says, read once into our words."""

from dataclasses import dataclass
from typing import Final

from flask import Request

from hotline.ivr.events import Keyed, Miss, Silent, Spoke
from hotline.queue.ids import LegSid, OfferId
from hotline.switchboard.holding import HoldEnd
from hotline.switchboard.rings import RingResult
from hotline.telephony.rest import TERMINAL, seconds_of_recording

_MISSES: Final = {"busy": Miss.BUSY, "failed": Miss.FAILED}
_HOLD_ENDS: Final = {
    "redirected": HoldEnd.MOVED,
    "redirected-from-bridged": HoldEnd.MOVED,
    "bridged": HoldEnd.MOVED,
    "bridging-in-process": HoldEnd.MOVED,
    "hangup": HoldEnd.MOVED,
    "queue-full": HoldEnd.REFUSED,
    "error": HoldEnd.REFUSED,
    "system-error": HoldEnd.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Webhook:
    """One signed request of the carrier."""

    request: Request

    @property
    def leg(self) -> LegSid:
        return LegSid(self.request.form.get("CallSid", ""))

    @property
    def called(self) -> str:
        return self.request.form.get("To", "")

    @property
    def shown(self) -> str:
        return self.request.form.get("From", "")

    @property
    def gone(self) -> bool:
        """The leg is over: nobody hears the answer."""
        return self.request.form.get("CallStatus", "") in TERMINAL

    @property
    def is_dialled(self) -> bool:
        """A leg that we had dialled: a mediator's, never a caller's."""
        return self.request.form.get("Direction", "") == "outbound-dial"

    @property
    def failed(self) -> bool:
        return self.request.form.get("CallStatus", "") == "failed"

    @property
    def token(self) -> str | None:
        token = self.request.headers.get("I-Twilio-Idempotency-Token")
        return token[:80] if token else None

    @property
    def turn(self) -> int:
        return self.request.args.get("n", 0, type=int)

    @property
    def asked(self) -> int:
        return self.request.args.get("asked", 1, type=int)

    @property
    def offer(self) -> OfferId:
        offer = self.request.args.get("offer", 0, type=int)
        return OfferId(offer if 0 < offer < 2**31 else 0)

    @property
    def key(self) -> str:
        return self.request.form.get("Digits", "")

    @property
    def said(self) -> Keyed | Spoke | Silent:
        if self.key:
            return Keyed(self.key)
        words = self.request.form.get("SpeechResult", "").strip()
        return Spoke(words) if words else Silent()

    @property
    def ring_result(self) -> RingResult:
        bridged = self.request.form.get("DialBridged")
        status = self.request.form.get("DialCallStatus", "")
        return RingResult(
            bridged=None if bridged is None else bridged == "true",
            miss=_MISSES.get(status, Miss.UNANSWERED),
        )

    @property
    def recording(self) -> tuple[str, int] | None:
        """The carrier's name for a finished recording, and its seconds; the address ends with the name."""
        sid = self.request.form.get("RecordingUrl", "").rstrip("/").rpartition("/")[2].partition(".")[0]
        finished = self.request.form.get("RecordingStatus", "completed") == "completed"
        seconds = seconds_of_recording(self.request.form.get("RecordingDuration"))
        return (sid[:64], seconds) if sid and finished else None

    @property
    def seconds_in_queue(self) -> int:
        return max(0, self.request.form.get("QueueTime", 0, type=int))

    @property
    def hold_end(self) -> HoldEnd:
        """What is not known to be otherwise means that the caller is here and needs an answer."""
        return _HOLD_ENDS.get(self.request.form.get("QueueResult", ""), HoldEnd.LEFT)
