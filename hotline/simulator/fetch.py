"""One HTTP request to the customer's server and its answer; the seam where tests put a scripted server."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import requests

Failure = Literal["connect", "read-timeout"]


@dataclass(frozen=True, slots=True)
class WebRequest:
    method: str
    url: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    connect_timeout: float
    read_timeout: float
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WebAnswer:
    status: int
    body: bytes = b""
    content_type: str = ""
    failure: Failure | None = None
    location: str | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)
    milliseconds: int = 0
    # Virtual seconds that the answer took, for scripted servers; a real one answers while time stands still.
    took: float = 0.0

    @property
    def ok(self) -> bool:
        return self.failure is None and 200 <= self.status < 300


Fetch = Callable[[WebRequest], WebAnswer]


class HttpFetch:
    """Fetches over real HTTP, one session a thread, and never through a proxy of the environment."""

    def __init__(self) -> None:
        self._local = threading.local()

    def __call__(self, request: WebRequest) -> WebAnswer:
        began = time.monotonic()
        answer = self._try(request)
        if isinstance(answer, WebAnswer):
            return answer
        return WebAnswer(
            status=answer.status_code,
            body=answer.content,
            content_type=answer.headers.get("Content-Type", ""),
            location=answer.headers.get("Location"),
            cookies={one.name: one.value or "" for one in answer.cookies},
            milliseconds=round((time.monotonic() - began) * 1000),
        )

    def _try(self, request: WebRequest) -> requests.Response | WebAnswer:
        form = dict(request.params) if request.method == "POST" else None
        try:
            return self._session().request(
                request.method,
                request.url,
                data=form,
                headers=dict(request.headers),
                cookies=dict(request.cookies),
                timeout=(request.connect_timeout, request.read_timeout),
                allow_redirects=False,
            )
        except requests.ReadTimeout:
            return WebAnswer(0, failure="read-timeout")
        except requests.RequestException:
            return WebAnswer(0, failure="connect")

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False
            self._local.session = session
        session.cookies.clear()
        return session
