"""Load for a web server on this machine: keeps so many connections busy, and measures each answer."""

import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from hmac import digest
from itertools import count
from urllib.parse import urlencode

Requests = Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Result:
    """Requests a second, latencies in milliseconds, and the server's processor milliseconds a request."""

    requests: int
    rate: float
    p50: float
    p95: float
    p99: float
    processor: float = 0.0


def measure(port: int, connections: int, requests_of: Callable[[int], Requests], seconds: float) -> Result:
    """Send what `requests_of(connection)` yields on each of so many connections, for so long."""
    latencies: list[list[float]] = [[] for _ in range(connections)]
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_send, args=(port, requests_of(number), end, latencies[number]))
        for number in range(connections)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    every = sorted(one for own in latencies for one in own)
    at = [every[min(len(every) - 1, len(every) * part // 100)] * 1000 for part in (50, 95, 99)]
    return Result(len(every), len(every) / took, *at)


def turns(base: str, token: str, legs: list[str]) -> Requests:
    """Signed turns for these calls, one after the other: each listens to the menu again."""
    for number in count(1):
        for leg in legs:
            yield signed(base, token, f"/voice/turn?n={number}", leg)


def signed(base: str, token: str, path: str, leg: str) -> bytes:
    """A webhook as the carrier sends it."""
    form = _form(leg)
    plain = base + path + "".join(f"{key}{form[key]}" for key in sorted(form))
    signature = b64encode(digest(token.encode(), plain.encode(), sha1)).decode()
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twilio-Signature: {signature}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _form(leg: str) -> dict[str, str]:
    empty = ("FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip")
    return {
        "CallSid": leg,
        "AccountSid": "AC00000000000000000000000000000001",
        "From": "+33639980001",
        "To": "+33199001234",
        "Caller": "+33639980001",
        "Called": "+33199001234",
        "FromCountry": "FR",
        "ToCountry": "FR",
        "CallStatus": "in-progress",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
        "Digits": "*",
        "FinishedOnKey": "",
    } | dict.fromkeys(empty, "")


def _send(port: int, requests: Requests, end: float, latencies: list[float]) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            began = time.monotonic()
            if began > end:
                return
            connection.sendall(request)
            _answered(connection)
            latencies.append(time.monotonic() - began)


def _answered(connection: socket.socket) -> None:
    got = connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"not answered: {head[:200]!r}")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
