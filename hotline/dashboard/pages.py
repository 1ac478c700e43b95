"""What every page is made with: its frame, its menu, and times in words."""

from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, redirect, request, url_for
from flask_babel import format_time
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, files, sent_away, words
from hotline.dashboard.languages import language
from hotline.dashboard.languages import translated as _
from hotline.ivr import numbers
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import proposals

OF_THE_WELCOME: Final = ("welcome", "number")


def prepare(app: Flask, services: Services) -> None:
    routes = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
    )
    routes.add_url_rule("/", "home", _home)
    app.register_blueprint(routes)
    app.jinja_env.globals.update(
        menu=partial(_menu, services),
        is_here=_is_here,
        form_page=sent_away.form_page,
        Role=Role,
        page_language=language,
        line_title=_raised(services.lines.lines[0].script.title.replace("'", "’")),
    )
    zone, region = ZoneInfo(services.lines.lines[0].script.zone), services.lines.lines[0].script.region
    app.jinja_env.filters.update(
        clock=lambda at: format_time(at.astimezone(zone), "short", rebase=False),
        clock_on_its_day=lambda at, now: words.time_of_a_day(at.astimezone(zone), now.astimezone(zone)),
        day=lambda at: words.calendar_day(at.astimezone(zone)),
        short_day=lambda at: words.calendar_day(at.astimezone(zone), "EEE d MMM"),
        calendar_day=words.calendar_day,
        calendar_date=lambda at: words.calendar_day(at.astimezone(zone), "d MMMM y"),
        hours=words.hours,
        telephone=lambda number: numbers.readable(number, region),
        raised=_raised,
        iso=datetime.isoformat,
        # as part of an id: letters that selectors know
        digits=lambda at: f"{at:%Y%m%d%H%M%S%f}",
    )
    files.prepare(app)


def notice(words: str, kind: str = "good") -> dict[str, str]:
    """What is said at the top of a fragment after something was done."""
    return {"words": words, "kind": kind}


def over() -> str:
    """For whoever clicked too late."""
    return _("Cet appel n’est plus à prendre : une autre personne l’a pris, ou l’appelant·e a raccroché.")


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _home() -> AnyResponse:
    """Whoever takes no calls has no desk."""
    logged_in = current_user.is_authenticated
    takes_none = logged_in and access.user().mediator_id is None and access.user().may(Role.COORDINATOR)
    return redirect(url_for("board.page" if takes_none else "desk.page"))


def _menu(services: Services) -> list[tuple[str, str, int]]:
    """The pages that whoever is logged in may open: endpoint, name, and how many decisions wait there."""
    pages = [
        (Role.MEDIATOR, "desk.page", _("Mon poste")),
        (Role.MEDIATOR, "day.page", _("Ma journée")),
        (Role.MEDIATOR, "board.page", _("Tableau")),
        (Role.COORDINATOR, "people.page", _("Équipe")),
        (Role.COORDINATOR, "shifts.page", _("Permanences")),
        (Role.COORDINATOR, "blocks.page", _("Blocages")),
        (Role.MEDIATOR, "profile.page", _("Mon compte")),
    ]
    return [
        (endpoint, name, _asked(services) if endpoint == "blocks.page" else 0)
        for role, endpoint, name in pages
        if access.user().may(role) and _leads(endpoint)
    ]


def _asked(services: Services) -> int:
    with services.store.reading() as tx:
        return proposals.how_many(tx)


def _is_here(endpoint: str) -> str | None:
    """What `aria-current` says of an entry of the menu: it is this page, or this page belongs to it."""
    if request.path == url_for(endpoint).removeprefix(request.script_root):
        return "page"
    return "true" if request.blueprint == endpoint.partition(".")[0] else None


def _leads(endpoint: str) -> bool:
    """Without a telephone, one's own pages lead back to the welcome; during it there is one thing to do."""
    if access.user().mediator_id is not None:
        return True
    if request.blueprint in OF_THE_WELCOME:
        return endpoint == "profile.page"
    return endpoint not in ("desk.page", "day.page")
