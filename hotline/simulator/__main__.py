"""Runs the carrier as a process: python -m hotline.simulator --port 8010 --line NUMBER=ADDRESS …"""

import argparse
import logging
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from werkzeug.serving import make_server

from hotline.simulator.carrier import Carrier
from hotline.simulator.voice import Speaker
from hotline.simulator.web import create_app

logger = logging.getLogger("hotline.simulator")
# The overrides that a careful customer writes on its addresses.
OVERRIDES = "#rc=1&rp=ct,5xx&rt=6000"


def pair(text: str) -> tuple[str, str]:
    number, equals, value = text.partition("=")
    if not equals or not number.startswith("+"):
        raise argparse.ArgumentTypeError(f"{text!r} is not +NUMBER=VALUE")
    return number, value


def link(text: str) -> tuple[str, str]:
    words, equals, address = text.partition("=")
    if not equals or not words or not address.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} is not WORDS=ADDRESS")
    return words, address


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m hotline.simulator", description=__doc__)
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=8010)
    made.add_argument("--line", type=pair, action="append", default=[], metavar="+NUMBER=BASE_URL")
    made.add_argument("--phone", type=pair, action="append", default=[], metavar="+NUMBER=NAME")
    made.add_argument(
        "--link", type=link, action="append", default=[], metavar="WORDS=ADDRESS", help="A link on the page."
    )
    made.add_argument("--account", required=True)
    made.add_argument("--token", required=True)
    return made


def build(args: argparse.Namespace) -> Carrier:
    carrier = Carrier(
        account_sid=args.account,
        auth_token=args.token,
        start=datetime.now(UTC),
        base_url=f"http://{args.host}:{args.port}",
        live=True,
    )
    for number, base in args.line:
        base = base.rstrip("/")
        carrier.add_line(
            number,
            voice_url=f"{base}/voice/incoming{OVERRIDES}",
            status_url=f"{base}/voice/status{OVERRIDES}",
            fallback_url=f"{base}/voice/fallback{OVERRIDES}",
            sms_url=f"{base}/sms/incoming",
        )
    for number, name in args.phone:
        carrier.register_phone(number, name)
    return carrier


def serve(carrier: Carrier, host: str, port: int, links: Sequence[tuple[str, str]] = ()) -> None:
    """Serve until the process is told to end."""
    speaker = Speaker()
    carrier.voice.audio_for = speaker.audio_for
    server = make_server(host, port, create_app(carrier, speaker, links), threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]  # of its mixin
    serving = threading.Thread(target=server.serve_forever, args=(0.05,), name="web", daemon=True)
    carrier.begin()
    serving.start()
    logger.info("the carrier listens on http://%s:%s", host, server.server_port)
    _sleep_until_told()
    server.shutdown()
    server.server_close()
    carrier.stop()
    speaker.close()


def _sleep_until_told() -> None:
    # not on an event: a signal's handler that sets it may run just where the same thread holds its lock
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        while True:
            time.sleep(3600.0)


def main(arguments: Sequence[str] | None = None) -> None:
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    args = parser().parse_args(arguments)
    serve(build(args), args.host, args.port, args.link)


if __name__ == "__main__":
    main()
