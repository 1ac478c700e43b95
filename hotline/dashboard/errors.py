"""What is said when a request cannot be answered: what happened, that nothing is lost, and what to do now."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app, json, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access
from hotline.dashboard.languages import asked, speaking
from hotline.dashboard.languages import translated as _
from hotline.dashboard.sent_away import form_page
from hotline.queue.roles import Role

REFUSED: Final = "X-Refused"
WITHOUT_LOG_IN: Final = ("security", "invitation")
"""Blueprints whose forms are sent by whoever is not in yet."""
SESSION: Final = "session"
"""Value of that header: logging in again, or loading the page again, helps."""
NOT_THEIRS: Final = "not_theirs"
"""Value of that header: what was asked for is somebody else's, or there is none, and never will be."""


@dataclass(frozen=True, slots=True)
class Said:
    """What happened, and two sentences: why or what to do, and that nothing is lost."""

    title: str
    words: str
    more: str


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    words: str


class Pages(Flask):
    """An application whose log holds no addresses: the link of an invitation opens an account."""

    def log_exception(self, exc_info: Any) -> None:
        where = request.url_rule.rule if request.url_rule is not None else "an address that nobody knows"
        self.logger.error("Exception on %s [%s]", where, request.method, exc_info=exc_info)


def prepare(app: Flask) -> None:
    """Answer every error of the pages in their own words, with its own status."""
    app.register_error_handler(HTTPException, lambda error: _answered(app, error))


def not_theirs(_why: Exception) -> AnyResponse:
    """As at an address that nobody knows; the page's script is told that it is us who say so."""
    answer = _answered(current_app, NotFound())
    answer.headers[REFUSED] = NOT_THEIRS
    return answer


def _answered(app: Flask, error: HTTPException) -> AnyResponse:
    answer = error.get_response()
    ours = (error.code or 500) >= 500
    # what is broken may be just what tells who is logged in, and which language they chose
    speaks: AbstractContextManager[Any] = speaking(asked()) if ours else nullcontext()
    with speaks:
        answer.data, answer.content_type = _body(app, error, ours)
    if isinstance(error, CSRFError):
        answer.headers[REFUSED] = SESSION
    return answer


def _body(app: Flask, error: HTTPException, ours: bool) -> tuple[str, str]:
    said = _said(error)
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return json.dumps({"error": said.title}), "application/json"
    if "HX-Request" in request.headers:
        return said.title, "text/plain; charset=utf-8"
    if ours:
        return _plain_page(app, said), "text/html; charset=utf-8"
    return render_template("error.html", said=said, link=_onward(error)), "text/html; charset=utf-8"


def _plain_page(app: Flask, said: Said) -> str:
    """Without what is filled into other pages by itself: that begins with looking up who is logged in."""
    link = Link(url_for("pages.home"), _("Retour à l’accueil"))
    page = app.jinja_env.get_template("error.html")
    return page.render(said=said, link=link, nobody_known=True, page_language=asked)


def _said(error: HTTPException) -> Said:
    if isinstance(error, CSRFError):
        return _session_over()
    if error.code is None or error.code >= 500:
        return _broken(error.code)
    title, words = {
        403: (
            _("Cette page ne vous est pas ouverte"),
            _("Demandez à la coordination si vous en avez besoin."),
        ),
        404: (
            _("Il n’y a rien à cette adresse"),
            _("Elle est incomplète, ou ce qui était ici n’y est plus."),
        ),
        405: (
            _("Cette adresse n’est pas celle d’une page"),
            _("On y arrive par un bouton : retrouvez-le sur sa page."),
        ),
        413: (
            _("C’est trop long pour être enregistré"),
            _("Revenez en arrière, raccourcissez le texte, puis recommencez."),
        ),
    }.get(
        error.code,
        (_("Nous n’avons pas compris cette demande"), _("Revenez en arrière, puis recommencez.")),
    )
    return Said(title, words, _("Rien n’est perdu : rien n’a été changé."))


def _session_over() -> Said:
    return Said(
        _("Cette page était ouverte depuis trop longtemps"),
        _("Vous vous êtes sans doute déconnecté·e entre-temps, ou reconnecté·e ailleurs."),
        _(
            "Rien n’est perdu, mais ce que vous venez de demander n’a pas été fait : "
            "rouvrez la page et recommencez."
        ),
    )


def _broken(code: int | None) -> Said:
    return Said(
        _("Ces pages ne répondent pas pour le moment")
        if code == 503
        else _("Quelque chose n’a pas marché, de notre côté"),
        _("Rien n’est perdu : ce qui était enregistré l’est toujours, et les appels continuent."),
        _("Réessayez dans une minute. Si cela dure, prévenez la personne qui s’occupe de la ligne."),
    )


def _onward(error: HTTPException) -> Link:
    """The one thing to do now."""
    if isinstance(error, CSRFError) and request.blueprint not in WITHOUT_LOG_IN:
        return _again()
    home = url_for("pages.home")
    if not current_user.is_authenticated:
        again = isinstance(error, CSRFError)
        return Link(url_for("security.login"), _("Me reconnecter") if again else _("Se connecter"))
    if access.user().mediator_id is not None:
        return Link(home, _("Retour à mon poste"))
    if access.user().may(Role.COORDINATOR):
        return Link(home, _("Retour au tableau"))
    return Link(home, _("Retour à l’accueil"))


def _again() -> Link:
    """To the page with the form, for whoever is to send it once more."""
    page = form_page() or url_for("pages.home")
    if current_user.is_authenticated:
        return Link(page, _("Rouvrir la page"))
    return Link(url_for("security.login", next=page), _("Me reconnecter"))
