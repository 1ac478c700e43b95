"""That somebody's telephone rings, on whichever page they are looking at."""

from flask import Blueprint, render_template

from hotline.dashboard import access, words
from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import desk, offers
from hotline.store.transactions import Tx


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("ringing", __name__)
    routes.before_request(access.only(Role.MEDIATOR))

    @routes.get("/ringing")
    def now() -> str:
        """What is about to be taken, and the way to the desk; nothing when nothing rings."""
        me = access.user().mediator_id
        if me is None:
            return ""
        with services.store.reading() as tx:
            return _shown(services, tx, me)

    return routes


def _shown(services: Services, tx: Tx, mediator: MediatorId) -> str:
    live = offers.of_mediator(tx, mediator)
    found = desk.offered(tx, live.id) if live is not None else None
    # what has been accepted rings no more, and what was declined is about to stop
    if found is None or found.accepted_at is not None or found.declined_at is not None:
        return ""
    topic = words.topic(services.lines.script(tx, found.script), found.topic)
    return render_template("desk/ringing.html", offer=found.id, topic=topic)
