"""The verb Record: keeps what a caller says until a key, a silence or the longest length ends it."""

import xml.etree.ElementTree as ET
from email.utils import format_datetime

from hotline.simulator.engine import Steps, wait
from hotline.simulator.legs import Ask, Gathering, LegGone, LegUpdated
from hotline.simulator.trace import Kind
from hotline.simulator.walk import Outcome, Walk, hear, number_of

FINISHING_KEYS = "1234567890*#"


def record(walk: Walk, verb: ET.Element) -> Steps[Outcome]:
    """A recording in which nothing was said falls through to the next verb."""
    walk.leg.answer()
    if verb.get("playBeep", "true") == "true":
        hear(walk.exchange, walk.leg, "beep", by="tone")
    taken = Taken(walk, verb)
    walk.leg.recording = taken.listener
    try:
        key = yield from taken.listen()
    except LegGone:
        walk.report(taken.finish("hangup"))
        raise
    except LegUpdated:
        taken.finish("")
        raise
    finally:
        walk.leg.recording = None
    return taken.finish(key)


class Taken:
    """One recording being made."""

    def __init__(self, walk: Walk, verb: ET.Element) -> None:
        self.walk = walk
        self.verb = verb
        self.listener = Gathering(walk.exchange.engine)
        self.spoken: list[str] = []
        self._began = walk.exchange.engine.env.now
        self._began_at = walk.exchange.engine.now()

    def listen(self) -> Steps[str]:
        """Until it is over; the answer is the key which ended it, or nothing."""
        env = self.walk.exchange.engine.env
        longest = env.timeout(number_of(self.verb, "maxLength", 3600))
        finishing = self.verb.get("finishOnKey", FINISHING_KEYS)
        while True:
            silence = env.timeout(number_of(self.verb, "timeout", 5))
            self.listener.listen_again()
            yield from wait(longest | silence | self.listener.input)
            ended_by = next((key for key in self.listener.keys if key in finishing), "")
            if ended_by or not self.listener.input.triggered:
                return ended_by
            yield from self._listen_to_words()

    def _listen_to_words(self) -> Steps[None]:
        words, self.listener.speech = self.listener.speech, None
        if words:
            self.spoken.append(words)
            yield from self.walk.exchange.engine.pause(self.walk.exchange.voice.say_duration(words, ""))

    def finish(self, digits: str) -> Ask | None:
        """Keep the recording and tell of it; the answer is the action to request."""
        if not self.spoken:
            return None
        exchange = self.walk.exchange
        sid = exchange.sid("RE")
        seconds = str(max(1, round(exchange.engine.env.now - self._began)))
        url = f"{exchange.base_url}/2010-04-01/Accounts/{exchange.account_sid}/Recordings/{sid}"
        exchange.recordings[sid] = {
            "sid": sid,
            "call_sid": self.walk.leg.sid,
            "duration": seconds,
            "text": " ".join(self.spoken),
            "date_created": format_datetime(self._began_at),
        }
        exchange.trace.add(
            Kind.RECORDED, self.walk.leg.sid, number=self.walk.leg.number, seconds=int(seconds)
        )
        self._announce(sid, url, seconds)
        told = {"RecordingUrl": url, "RecordingSid": sid, "RecordingDuration": seconds, "Digits": digits}
        return self.walk.action(self.verb, told, default=self.walk.document.url)

    def _announce(self, sid: str, url: str, seconds: str) -> None:
        callback = self.verb.get("recordingStatusCallback")
        if not callback:
            return
        told = {
            "RecordingSid": sid,
            "RecordingUrl": url,
            "RecordingStatus": "completed",
            "RecordingDuration": seconds,
            "RecordingChannels": "1",
            "RecordingStartTime": format_datetime(self._began_at),
            "RecordingSource": "RecordVerb",
        }
        method = self.verb.get("recordingStatusCallbackMethod", "POST")
        to = Ask(self.walk.document.resolve(callback), method, told)
        self.walk.progress.callbacks.tell_later(self.walk.leg, to, seconds=1)
