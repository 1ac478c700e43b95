"""Whether a process answers yet, and which ports of this machine are free."""

import http.client
import socket
from typing import Final
from urllib.parse import urlsplit

PATIENCE: Final = 1.0
LAST_PORT: Final = 65_535
ANY_PORT: Final = 0


def port_answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=PATIENCE):
            return True
    except OSError:
        return False


def page_answers(url: str) -> bool:
    """Whether the address is served: any answer that is not a failure of the server will do.

    Not urllib: its proxy settings would send a request for this machine elsewhere.
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_free(host: str, port: int) -> bool:
    """Whether we could listen there now."""
    # macOS lets us bind an address beside a listener on all addresses: ask whether one answers.
    return _refusal(host, port) is None and not port_answers(host, port)


def why_not(host: str, port: int) -> str | None:
    """Why we could not listen there now, and what to do; None when we could."""
    if _refusal(host, ANY_PORT) is not None:
        return f"{host} is not an address of this machine: choose another with --host"
    if isinstance(_refusal(host, port), PermissionError):
        return f"port {port} is not for this user: choose one from 1024 on with --port"
    return None if is_free(host, port) else f"port {port} is taken: choose another with --port"


def _refusal(host: str, port: int) -> OSError | UnicodeError | None:
    """What the system has against our listening there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that cannot be one, such as a..b
        return error
    return None


def next_free(host: str, port: int) -> int:
    """The first free port from `port` on."""
    for candidate in range(port, LAST_PORT + 1):
        if is_free(host, candidate):
            return candidate
    raise OSError(f"no free port from {port} on")
