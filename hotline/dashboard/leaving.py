"""Logging out: whose telephone rings on for the line is told so, and how to stop it; what is over then."""

from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Flask, flash, request, session
from flask_login import user_logged_in, user_logged_out

from hotline.dashboard import words
from hotline.dashboard.languages import remember
from hotline.dashboard.languages import translated as _
from hotline.dashboard.users import User
from hotline.queue.ids import MediatorId
from hotline.queue.mediators import PRESENT, Availability
from hotline.queue.shifts import on_duty_until
from hotline.services import Services
from hotline.store import mediators, shifts
from hotline.store.transactions import Tx
from hotline.switchboard import duty
from hotline.switchboard.moment import Moment

LOG_OUT: Final = "security.logout"


def prepare(app: Flask, services: Services) -> None:
    zone = ZoneInfo(services.lines.lines[0].script.zone)

    def tell(_sender: Flask, user: Any, **_more: Any) -> None:
        if isinstance(user, User):
            remember(user.language)
        # an invitation that is opened logs out whoever was there before: their telephone is not its reader's
        if request.endpoint != LOG_OUT or not isinstance(user, User) or user.mediator_id is None:
            return
        now = services.clock.now()
        if services.store.run(partial(_call_nobody_back, services, user.mediator_id)):
            flash(somebody_else_calls_back(), "info")
        with services.store.reading() as tx:
            rings, until = _rings(tx, user.mediator_id, now)
            pause = _pause(tx, user.mediator_id, now)
        if rings:
            flash(_sentence(until and until.astimezone(zone), now.astimezone(zone)), "info")
        elif pause is not None:
            flash(_after_a_pause(pause.astimezone(zone), now.astimezone(zone)), "info")

    # held by the application: a signal forgets whom nobody else remembers
    app.extensions["leaving"] = (tell, _forget_what_was_said)
    user_logged_out.connect(tell, app)
    user_logged_in.connect(_forget_what_was_said, app)


def _forget_what_was_said(_sender: Flask, **_more: Any) -> None:
    """Every open page of somebody who is logged out has asked them to log in: that is done."""
    session.pop("_flashes", None)


def somebody_else_calls_back() -> str:
    return _("Le rappel que vous aviez pris est proposé à toute l’équipe : la personne n’est pas perdue.")


def _call_nobody_back(services: Services, mediator: MediatorId, tx: Tx) -> bool:
    return duty.stop_calling_back(Moment(tx, services.clock.now(), services.lines, services.jobs), mediator)


def _rings(tx: Tx, key: MediatorId, now: datetime) -> tuple[bool, datetime | None]:
    """Whether a mediator's telephone may ring now, and until when; None: for longer than a day."""
    mediator = mediators.get(tx, key)
    if mediator is None or mediator.availability not in PRESENT or not shifts.is_on_duty(tx, key, now):
        return False, None
    return True, on_duty_until(shifts.of(tx, key).values(), mediator.manual_until, now)


def _pause(tx: Tx, key: MediatorId, now: datetime) -> datetime | None:
    """When the pause ends after which a mediator's telephone may ring; None: it does not end so."""
    mediator = mediators.get(tx, key)
    if mediator is None or mediator.availability is not Availability.AWAY or mediator.until is None:
        return None
    end = max(mediator.until, now)
    return end if shifts.is_on_duty(tx, key, end) else None


def _sentence(until: datetime | None, now: datetime) -> str:
    if until is None:
        return _(
            "Votre téléphone peut encore sonner pour la ligne : pour l’arrêter, reconnectez-vous "
            "et choisissez « J’ai terminé » avant de vous déconnecter."
        )
    return _(
        "Votre téléphone peut encore sonner pour la ligne jusqu’à %(until)s : pour l’arrêter, "
        "reconnectez-vous et choisissez « J’ai terminé » avant de vous déconnecter.",
        until=words.time_of_a_day(until, now),
    )


def _after_a_pause(end: datetime, now: datetime) -> str:
    return _(
        "Votre pause se termine toute seule (%(end)s), et votre téléphone pourra de nouveau sonner pour la "
        "ligne : pour l’éviter, reconnectez-vous et choisissez « J’ai terminé » avant de vous déconnecter.",
        end=words.time_of_a_day(end, now),
    )
