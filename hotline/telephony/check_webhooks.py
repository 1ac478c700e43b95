"""The carrier's webhook for the call that reads a code out to a new mediator."""

import logging
from collections.abc import Callable

from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError

from hotline.ivr import code_call
from hotline.services import Services
from hotline.switchboard import number_checks
from hotline.switchboard.number_checks import ReadOut
from hotline.telephony import twiml
from hotline.telephony.answers import xml

log = logging.getLogger(__name__)


def check(services: Services) -> Response:
    """Somebody has picked up."""
    found = _found(services, request.args.get("token", ""))
    if found is None:
        return xml(twiml.hang_up())
    title = services.lines.lines[0].script.title
    return xml(twiml.read_out(*code_call.sentences(title, found.code, found.language)))


def _found(services: Services, token: str) -> ReadOut | None:
    try:
        with services.store.reading() as tx:
            return number_checks.read_out(tx, token, services.clock.now())
    except SQLAlchemyError:
        # they hear a call that ends, and the page offers another one
        log.warning("no code was read out: the database is away", exc_info=True)
        return None


ROUTES: dict[str, Callable[[Services], Response]] = {"/voice/check": check}
