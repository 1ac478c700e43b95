"""All routes that the carrier calls. Every one is signed: the blueprint sees to it."""

import logging
from functools import partial

from flask import Blueprint, abort, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from hotline.services import Services
from hotline.switchboard import outages
from hotline.switchboard.moment import Moment
from hotline.telephony import caller_webhooks, check_webhooks, hold_webhooks, mediator_webhooks
from hotline.telephony.requests import Webhook

log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    """The routes for the legs of callers and mediators, and for text messages."""
    routes = Blueprint("carrier", __name__)
    routes.before_request(partial(_only_signed, services))
    routes.register_error_handler(Exception, partial(_failed, services))
    parts = (caller_webhooks, hold_webhooks, mediator_webhooks, check_webhooks)
    for rule, view in [pair for part in parts for pair in part.ROUTES.items()]:
        endpoint = rule.strip("/").replace("/", "_")
        routes.add_url_rule(rule, endpoint, partial(view, services), methods=["POST"])
    return routes


def _only_signed(services: Services) -> None:
    path = request.environ.get("RAW_URI") or request.full_path.removesuffix("?")
    form = request.form.to_dict(flat=False)
    if not services.webhooks.is_genuine(path, form, request.headers.get("X-Twilio-Signature")):
        log.warning("refused an unsigned request to %s", request.path)
        abort(403)


def _failed(services: Services, error: Exception) -> HTTPException:
    """An answer of ours could not be made: should the call end by that, we have dropped the caller."""
    if isinstance(error, HTTPException):
        return error
    log.error("%s could not be answered", request.path, exc_info=error)
    if isinstance(error, SQLAlchemyError):
        # to write that down would wait for the same database, and cost the carrier's second try
        return InternalServerError()
    leg, now = Webhook(request).leg, services.clock.now()
    try:
        services.store.run(
            lambda tx: outages.answer_failed(Moment(tx, now, services.lines, services.jobs), leg)
        )
    except SQLAlchemyError:
        log.warning("nor could that be written down: the database is away")
    return InternalServerError()
