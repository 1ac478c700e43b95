"""A customer's server without a network: answers each path from a table and remembers who asked."""

import io
import wave
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from hotline.simulator.fetch import WebAnswer, WebRequest

# A document is given as the inside of its <Response>.
OneReply = str | WebAnswer | Callable[[Mapping[str, str]], str | WebAnswer]
Reply = OneReply | list[OneReply]


def twiml(inner: str) -> WebAnswer:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{inner}</Response>'
    return WebAnswer(200, body.encode(), "text/xml; charset=utf-8")


def silence(seconds: float) -> WebAnswer:
    """A sound file."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * round(seconds * 8000)))
    return WebAnswer(200, held.getvalue(), "audio/wav")


class ScriptedCustomer:
    """Use it as a carrier's `fetch`. A list of replies is used up to its last, which then stays.

    A sound that the table does not name is there, and lasts three seconds.
    """

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.requests: list[WebRequest] = []

    def __setitem__(self, path: str, reply: Reply) -> None:
        self.replies[path] = reply

    def __call__(self, request: WebRequest) -> WebAnswer:
        self.requests.append(request)
        path = urlsplit(request.url).path
        reply = self.replies.get(path, silence(3) if path.endswith(".wav") else WebAnswer(204))
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if callable(reply):
            reply = reply(request.params)
        return reply if isinstance(reply, WebAnswer) else twiml(reply)

    def requests_of(self, path: str) -> list[WebRequest]:
        return [one for one in self.requests if urlsplit(one.url).path == path]

    def asked(self, path: str) -> list[dict[str, str]]:
        """The parameters of each request for a path, oldest first."""
        return [
            dict(one.params) or dict(parse_qsl(urlsplit(one.url).query)) for one in self.requests_of(path)
        ]

    @property
    def paths(self) -> list[str]:
        return [urlsplit(one.url).path for one in self.requests]
