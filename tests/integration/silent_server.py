"""A Redis server that hangs: one in front of a real server, which stops answering when it is told to."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit


class SilentServer:
    """Takes every connection, also while it hangs, as the kernel does for a process that is stopped.

    Without a server behind it, it never answers anybody.
    """

    def __init__(self, behind: str | None = None) -> None:
        self.hangs = behind is None
        self.asked = threading.Semaphore(0)
        """Released for each connection that was made."""
        self._behind = behind
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._door.getsockname()[1]}/0"

    def __enter__(self) -> "SilentServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for one in [self._door, *self._open]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                self._open.append(caller)
                self.asked.release()
                if self._behind is not None and not self.hangs:
                    self._connect(caller, self._behind)

    def _connect(self, caller: socket.socket, behind: str) -> None:
        where = urlsplit(behind)
        if where.scheme == "unix":
            server = socket.socket(socket.AF_UNIX)
            server.connect(where.path)
        else:
            server = socket.create_connection((where.hostname or "127.0.0.1", where.port or 6379))
        self._open.append(server)
        for here, there in ((caller, server), (server, caller)):
            threading.Thread(target=self._pass_on, args=(here, there), daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while said := here.recv(65536):
                # what comes meanwhile is lost to them
                if not self.hangs:
                    there.sendall(said)
