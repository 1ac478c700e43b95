"""The carrier's webhooks for a caller in hold: each asks for a few more seconds, or the way out."""

import logging
from collections.abc import Callable

from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError

from hotline.ivr import wording
from hotline.ivr.prompts import Sentences
from hotline.ivr.script import EMERGENCY
from hotline.queue.sayings import Saying
from hotline.services import Services
from hotline.switchboard import holding
from hotline.switchboard.holding import Leave, Stay
from hotline.switchboard.moment import Moment
from hotline.telephony import music, twiml
from hotline.telephony.answers import xml
from hotline.telephony.requests import Webhook
from hotline.telephony.urls import Urls

log = logging.getLogger(__name__)


def wait(services: Services) -> Response:
    """A few more seconds of hold, or out of it."""
    return xml(_waiting(services, Webhook(request)))


def keyed(services: Services) -> Response:
    """A key in hold: the 9 keeps the place and leads out, # says whom to call in danger."""
    hook = Webhook(request)
    if hook.key == EMERGENCY:
        return xml(_danger(services, hook))
    return xml(twiml.leave() if _leaves(services, hook) else _waiting(services, hook))


ROUTES: dict[str, Callable[[Services], Response]] = {"/voice/wait": wait, "/voice/keyed": keyed}


def _leaves(services: Services, hook: Webhook) -> bool:
    """Whether the key leads out of hold; without the database none does, and it may be pressed again."""
    now = services.clock.now()
    try:
        return services.store.run(
            lambda tx: holding.keyed(Moment(tx, now, services.lines, services.jobs), hook.leg, hook.key)
        )
    except SQLAlchemyError:
        log.exception("a key in hold without the database")
        return False


def _waiting(services: Services, hook: Webhook) -> str:
    urls = Urls(services.settings.public_url)
    try:
        step = _step(services, hook)
    except SQLAlchemyError:
        # they wait on with music: the database may be back with the next turn
        log.exception("a wait turn without the database")
        return twiml.wait((), "", urls.music(_part(hook)), urls)
    match step:
        case Leave():
            return twiml.leave()
        case Stay(soon=True):
            return twiml.wait_a_moment()
        case Stay():
            return twiml.wait(_sentences(step), step.language, urls.music(_part(hook)), urls)


def _step(services: Services, hook: Webhook) -> Stay | Leave:
    now = services.clock.now()
    with services.store.reading() as tx:
        quiet = holding.quiet_turn(Moment(tx, now, services.lines, services.jobs), hook.leg)
    return quiet or services.store.run(
        lambda tx: holding.wait_turn(Moment(tx, now, services.lines, services.jobs), hook.leg)
    )


def _danger(services: Services, hook: Webhook) -> str:
    """Whom to call where a life is in danger; then the hold goes on where it was. Needs no database."""
    urls = Urls(services.settings.public_url)
    try:
        with services.store.reading() as tx:
            now = services.clock.now()
            script, language = holding.script_of(Moment(tx, now, services.lines, services.jobs), hook.leg)
    except SQLAlchemyError:
        log.exception("whom to call in danger, without the database")
        script, language = None, ""
    known = script or services.lines.for_number(hook.called).script
    return twiml.wait(wording.texts(known, language).emergency, known.language(language).code, "", urls)


def _sentences(step: Stay) -> Sentences:
    match step.saying:
        case Saying.POSITION:
            return wording.hold_position(step.script, step.language, step.told)
        case Saying.CALLBACK:
            return wording.texts(step.script, step.language).hold_callback
        case Saying.NOTHING | None:
            return ()


def _part(hook: Webhook) -> int:
    return hook.seconds_in_queue // (music.PART_SECONDS + 1)
