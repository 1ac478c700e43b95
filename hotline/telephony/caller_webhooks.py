"""The carrier's webhooks for the caller's leg."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from flask import Response, copy_current_request_context, request
from sqlalchemy.exc import SQLAlchemyError

from hotline.ivr.events import Event, Keyed, Recorded, Resumed, Silent
from hotline.ivr.flow import read_state
from hotline.ivr.script import Script
from hotline.services import Services
from hotline.store import calls
from hotline.store.calls import Call
from hotline.store.limited import Limited, Overdue
from hotline.switchboard import holding, leaving, offering, promises, rings, transfers, turns
from hotline.switchboard.moment import Moment
from hotline.switchboard.turns import Answer, Doubt, Nothing, Outcome, Repeated
from hotline.telephony import twiml
from hotline.telephony.answers import no_content, xml
from hotline.telephony.requests import Webhook
from hotline.telephony.urls import Urls

log = logging.getLogger(__name__)

LAST_RESORT: Final = Limited(seconds=4.0, at_once=16)
"""The carrier waits for six seconds; after the fallback it has nothing but its own words for an error."""
HUNG: Final = timedelta(seconds=4)
"""An end that took us so long to take: the database hung, and callers were cut off meanwhile."""


def incoming(services: Services) -> Response:
    hook = Webhook(request)
    return _turn(services, hook, lambda m: turns.arrive(m, hook.leg, hook.called, hook.shown))


def turn(services: Services) -> Response:
    """The caller pressed a key, spoke, or did neither."""
    hook = Webhook(request)
    return _continued(services, hook, lambda _m, _call, _script: hook.said)


def rung(services: Services) -> Response:
    """A ring from the caller's leg is over."""
    hook = Webhook(request)
    return _continued(services, hook, lambda m, call, script: rings.over(m, call, script, hook.ring_result))


def held(services: Services) -> Response:
    """The hold is over."""
    hook = Webhook(request)
    return _continued(services, hook, lambda m, call, script: holding.left(m, call, script, hook.hold_end))


def fetched(services: Services) -> Response:
    """A push has fetched the caller from hold, a ringing or a talk: whoever is theirs now is rung."""
    hook = Webhook(request)
    return _turn(services, hook, lambda m: turns.interrupt(m, hook.leg, hook.token, partial(_moved, m)))


def again(services: Services) -> Response:
    """A call that had ended for us goes on."""
    hook = Webhook(request)
    return _turn(services, hook, lambda m: turns.revive(m, hook.leg))


def fallback(services: Services, limit: Limited = LAST_RESORT) -> Response:
    """One of our answers failed: go on from where the call is, with the simplest that helps.

    In time, whatever the database does.
    """
    hook = Webhook(request)
    if hook.is_dialled:
        return xml(twiml.hang_up())

    def lost(m: Moment) -> Outcome | None:
        call = calls.lock(m.tx, hook.leg)
        if call is not None:
            calls.mark_failed(m.tx, call.id)
            m.note(call.id, "carrier_fell_back", {"code": request.form.get("ErrorCode", "")})
        return turns.interrupt(m, hook.leg, hook.token, partial(rings.fell_back, m))

    try:
        return limit.run(copy_current_request_context(lambda: _turn(services, hook, lost)))
    except (SQLAlchemyError, Overdue):
        # nothing is known of the call; what can still be said is who we are and when to call again
        log.exception("fell back without the database")
        return xml(twiml.out_of_order(services.lines.for_number(hook.called).script))


def message(services: Services) -> Response:
    """A voice message has been left, also by somebody who has hung up."""
    hook = Webhook(request)
    if hook.gone:
        _keep_message(services, hook)
    return _continued(services, hook, lambda m, call, _script: _left_message(m, call, hook))


def recorded(services: Services) -> Response:
    """The carrier has a recording ready; the same one as the message's own turn, which may never come."""
    _keep_message(services, Webhook(request))
    return no_content()


def status(services: Services) -> Response:
    """The caller's leg has ended."""
    hook = Webhook(request)
    if hook.gone:
        _left(services, hook)
    return no_content()


def sms(_services: Services) -> Response:
    """Text messages are taken and answered with nothing; the carrier wants a document."""
    return xml(twiml.EMPTY)


ROUTES: dict[str, Callable[[Services], Response]] = {
    "/voice/incoming": incoming,
    "/voice/turn": turn,
    "/voice/rung": rung,
    "/voice/held": held,
    "/voice/fetched": fetched,
    "/voice/message": message,
    "/voice/recorded": recorded,
    "/voice/status": status,
    "/voice/fallback": fallback,
    "/voice/again": again,
    "/sms/incoming": sms,
}


def _moved(m: Moment, call: Call, script: Script) -> Event:
    offering.fetched_from(m, call)
    return transfers.carry_out(m, call, script, fetched=True) or Resumed()


def _continued(
    services: Services, hook: Webhook, happening: Callable[[Moment, Call, Script], Event | None]
) -> Response:
    return _turn(
        services,
        hook,
        lambda m: turns.go_on(m, hook.leg, hook.turn, lambda call, script: happening(m, call, script)),
    )


def _turn(services: Services, hook: Webhook, take: Callable[[Moment], Outcome | None]) -> Response:
    """One turn, one transaction; the answer is kept with it."""
    if hook.gone:
        _left(services, hook)
        return xml(twiml.EMPTY)
    now = services.clock.now()
    urls = Urls(services.settings.public_url)

    def once(m: Moment) -> str:
        outcome = take(m)
        if outcome is None:
            # the carrier knows a call that we do not: it begins here
            outcome = turns.arrive(m, hook.leg, hook.called, hook.shown)
        return _document(m, outcome, urls)

    return xml(services.store.run(lambda tx: once(Moment(tx, now, services.lines, services.jobs))))


def _document(m: Moment, outcome: Outcome, urls: Urls) -> str:
    match outcome:
        case Repeated(document):
            return document
        case Nothing():
            return twiml.EMPTY
        case Doubt():
            return twiml.again(urls)
        case Answer():
            document = twiml.document(outcome, urls)
            turns.keep(m, outcome, document)
            return document


def _left(services: Services, hook: Webhook) -> None:
    now = services.clock.now()

    def left(m: Moment) -> None:
        # a database that hung before it took this has kept others waiting, who were cut off meanwhile
        calls.lock(m.tx, hook.leg)
        hung = services.clock.now() - now >= HUNG
        bridged = hook.ring_result.bridged
        leaving.caller_left(m, hook.leg, failed=hook.failed, bridged=bridged, untold=hung)

    services.store.run(lambda tx: left(Moment(tx, now, services.lines, services.jobs)))


def _left_message(m: Moment, call: Call, hook: Webhook) -> Event:
    recording = hook.recording
    if recording is None:
        return Keyed(hook.key) if hook.key.isdecimal() else Silent()
    promises.keep_message(m, call, read_state(call.state), *recording)
    return Recorded()


def _keep_message(services: Services, hook: Webhook) -> None:
    now = services.clock.now()

    def keep(m: Moment) -> None:
        call = calls.lock(m.tx, hook.leg)
        if call is not None:
            _left_message(m, call, hook)

    services.store.run(lambda tx: keep(Moment(tx, now, services.lines, services.jobs)))
