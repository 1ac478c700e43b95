"""How gunicorn serves the webhooks and the pages; read by gunicorn alone."""

import logging
from pathlib import Path

worker_class = "gthread"
workers = 2
# A thread each for the idle connections of the boards; callers need the others.
threads = 64
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
