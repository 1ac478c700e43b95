"""How gunicorn serves the webhooks and the pages; read by gunicorn alone."""

import logging
import os
import signal
from pathlib import Path
from typing import Any

from hotline.settings import THREADS
from hotline.settings import threads as given_threads

worker_class = "gthread"
workers = 2
# A thread for each open page, 300 of them, be they all in one process; callers need the others. A thread is
# started when it is needed first. The application is told, so that it leaves the callers theirs.
threads = given_threads(os.environ) or 324
raw_env = [f"{THREADS}={threads}"]
graceful_timeout = 5
timeout = 30
keepalive = 5

# No access log: addresses hold numbers and ids of calls.
accesslog = None
errorlog = "-"
loglevel = "warning"
# No remote control: its socket would lie in the home directory, shared by every gunicorn there.
control_socket_disable = True
# Not on a disk, whose stalls would make a busy worker look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
logging.getLogger("hotline").setLevel(logging.INFO)


def _without_address(record: logging.LogRecord) -> bool:
    """gunicorn names the address of a request that failed: the link of an invitation opens an account."""
    if str(record.msg).startswith("Error handling request %s"):
        record.msg, record.args = "Error handling request", ()
    return True


logging.getLogger("gunicorn.error").addFilter(_without_address)


def post_worker_init(worker: Any) -> None:
    """The streams of the open pages end as soon as the process is to end; it would wait for them in vain."""
    pages = worker.wsgi.extensions.get("pages")
    if pages is None:  # another application, served as ours is: the bench does that
        return

    def leave(number: int, frame: Any) -> None:
        worker.handle_exit(number, frame)
        pages.extensions["live"].close()

    signal.signal(signal.SIGTERM, leave)
    signal.siginterrupt(signal.SIGTERM, False)
