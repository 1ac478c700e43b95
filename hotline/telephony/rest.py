"""The carrier's REST interface, as far as we use it: time limits on every request, errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from hotline.queue.ids import LegSid, OfferId
from hotline.settings import TWILIO, Settings
from hotline.switchboard.ports import CarrierTrouble, LegEnded, Recording
from hotline.telephony.urls import Urls

TIMEOUT_SECONDS: Final = 4.0
RING_SECONDS: Final = 25
CALL_SECONDS: Final = 120
"""At most so long a call lasts in which a code is read out."""
TERMINAL: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
NO_RECORDING: Final = frozenset({"absent", "failed", "deleted"})
"""What these say of a recording is that there will be none."""
MOST_RECORDINGS: Final = 50
"""Of one call; it also keeps the client from following an answer whose pages do not end."""
A_DAY: Final = 24 * 3600
ENDED: Final = 21220
"""Only this says that the leg is over. A 404 may as well mean a wrong account or region."""


class PointedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the client has no types
    """Sends requests to another base than Twilio's: a local carrier, or another provider of the same API."""

    def __init__(self, api_base: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.session.trust_env = False
        self._base = None if api_base == TWILIO else urlsplit(api_base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        return super().request(method, self.pointed(url), *args, **kwargs)

    def pointed(self, url: str) -> str:
        """The address there of what is at that address of Twilio's."""
        if self._base is None:
            return url
        parts = urlsplit(url)
        return urlunsplit(
            (self._base.scheme, self._base.netloc, self._base.path + parts.path, parts.query, "")
        )


def make_client(settings: Settings, timeout: float = TIMEOUT_SECONDS) -> Client:
    """A client of the account of the settings. Opens no connection."""
    return Client(
        settings.account,
        settings.tokens[0],
        region=settings.region,
        edge=settings.edge,
        http_client=PointedHttpClient(settings.api_base, timeout),
    )


class TwilioCarrier:
    """Implements the Carrier port. The client is made at the first request: importing costs nothing."""

    def __init__(self, settings: Settings, timeout: float = TIMEOUT_SECONDS) -> None:
        self._settings = settings
        self._timeout = timeout
        self._urls = Urls(settings.public_url)
        self._client: Client | None = None

    def push(self, leg: LegSid, offer: OfferId) -> None:
        with _in_our_words(leg):
            self._connected().calls(leg).update(url=self._urls.fetched(offer), method="POST")

    def hang_up(self, leg: LegSid) -> None:
        with _in_our_words(leg):
            self._connected().calls(leg).update(status="completed")

    def is_over(self, leg: LegSid) -> bool:
        with _in_our_words(leg):
            return self._connected().calls(leg).fetch().status in TERMINAL

    def recordings(self, leg: LegSid) -> list[Recording]:
        with _in_our_words():
            listed = self._connected().calls(leg).recordings.list(limit=MOST_RECORDINGS)
            # the carrier lists the newest first
            return [_recording(one) for one in reversed(listed) if one.status not in NO_RECORDING]

    def message(self, recording: str) -> bytes:
        client = self._connected()
        uri = f"/2010-04-01/Accounts/{self._settings.account}/Recordings/{recording}.wav"
        with _in_our_words():
            # the client has no call for the sound itself; its session gives it as bytes, not as text
            url = client.http_client.pointed(client.get_hostname(f"https://api.twilio.com{uri}"))
            answer = client.http_client.session.get(
                url, auth=(self._settings.account, self._settings.tokens[0]), timeout=self._timeout
            )
            if not answer.ok:
                raise CarrierTrouble(f"status {answer.status_code}")
        return bytes(answer.content)

    def delete_message(self, recording: str) -> None:
        with _in_our_words(gone_is_fine=True):
            self._connected().recordings(recording).delete()

    def call_up(self, number: str, shown: str, check: str) -> None:
        with _in_our_words():
            self._connected().calls.create(
                to=number,
                from_=shown,
                url=self._urls.check(check),
                method="POST",
                timeout=RING_SECONDS,
                time_limit=CALL_SECONDS,
            )

    def _connected(self) -> Client:
        if self._client is None:
            self._client = make_client(self._settings, self._timeout)
        return self._client


def seconds_of_recording(told: object) -> int:
    """Whatever the carrier calls its length: one that is not finished has none."""
    try:
        return min(max(int(str(told)), 0), A_DAY)
    except ValueError:
        return 0


def _recording(told: Any) -> Recording:
    return Recording(told.sid[:64], seconds_of_recording(told.duration), told.status == "completed")


@contextmanager
def _in_our_words(leg: LegSid | None = None, *, gone_is_fine: bool = False) -> Iterator[None]:
    """A block whose errors are LegEnded or CarrierTrouble, whatever the client makes of the answer."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        if error.code == ENDED and leg is not None:
            raise LegEnded(leg) from error
        if error.status != 404 or not gone_is_fine:
            raise CarrierTrouble(f"status {error.status}, code {error.code}") from error
    except (TwilioException, RequestException, OSError, ValueError, AttributeError, TypeError) as error:
        # the last three: the client trips over an answer that is no JSON, or JSON of another shape
        raise CarrierTrouble(_reason(error)) from error


def _reason(error: Exception) -> str:
    """A list that was refused is told by the client otherwise than all the rest: with the answer itself."""
    answers = [one for one in error.args if isinstance(one, Response)]
    return f"status {answers[0].status_code}" if answers else type(error).__name__
