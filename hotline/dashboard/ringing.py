"""That somebody's telephone rings, or whom they handed on waits for them, on whichever page they look at."""

from datetime import datetime

from flask import Blueprint, render_template

from hotline.dashboard import access, handing_on, words
from hotline.dashboard.handing_on import Passing
from hotline.queue.ids import MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import desk, mediators, offers
from hotline.store.transactions import Tx


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("ringing", __name__)
    routes.before_request(access.only(Role.MEDIATOR))

    @routes.get("/ringing")
    def now() -> str:
        """What is about to be taken, or waits, and the way to the desk; nothing when there is neither."""
        me = access.user().mediator_id
        if me is None:
            return ""
        with services.store.reading() as tx:
            return _shown(services, tx, me) or _handed_on(tx, me, services.clock.now())

    return routes


def _shown(services: Services, tx: Tx, mediator: MediatorId) -> str:
    live = offers.of_mediator(tx, mediator)
    found = desk.offered(tx, live.id) if live is not None else None
    # what has been accepted rings no more, and what was declined is about to stop
    if found is None or found.accepted_at is not None or found.declined_at is not None:
        return ""
    topic = words.topic(services.lines.script(tx, found.script), found.topic)
    return render_template("desk/ringing.html", offer=found, topic=topic)


def _handed_on(tx: Tx, me: MediatorId, now: datetime) -> str:
    """The call that they handed on before they wrote it up, as long as it may come back to them."""
    here, latest = mediators.get(tx, me), offers.latest_of(tx, me)
    if latest is None or here is None or here.availability is not Availability.WRAP_UP:
        return ""
    passed = handing_on.passed(tx, me, latest.id, now)
    if passed is None or not passed.goes_on:
        return ""
    waits = passed.passing is Passing.COMES_BACK
    return render_template("desk/comes_back.html", offer=latest.id, waits=waits, who=passed.who)
