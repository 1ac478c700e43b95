"""Logging out: whose telephone rings on for the line is told so, and how to stop it."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Flask, flash, request
from flask_babel import format_time
from flask_login import user_logged_out

from hotline.dashboard import words
from hotline.dashboard.languages import translated as _
from hotline.dashboard.users import User
from hotline.queue.ids import MediatorId
from hotline.queue.mediators import PRESENT
from hotline.queue.shifts import on_duty_until
from hotline.services import Services
from hotline.store import mediators, shifts
from hotline.store.transactions import Tx

LOG_OUT: Final = "security.logout"


def prepare(app: Flask, services: Services) -> None:
    zone = ZoneInfo(services.lines.lines[0].script.zone)

    def tell(_sender: Flask, user: Any, **_more: Any) -> None:
        # an invitation that is opened logs out whoever was there before: their telephone is not its reader's
        if request.endpoint != LOG_OUT or not isinstance(user, User) or user.mediator_id is None:
            return
        now = services.clock.now()
        with services.store.reading() as tx:
            rings, until = _rings(tx, user.mediator_id, now)
        if rings:
            flash(_sentence(until and until.astimezone(zone), now.astimezone(zone)), "info")

    # held by the application: a signal forgets whom nobody else remembers
    app.extensions["leaving"] = tell
    user_logged_out.connect(tell, app)


def _rings(tx: Tx, key: MediatorId, now: datetime) -> tuple[bool, datetime | None]:
    """Whether a mediator's telephone may ring now, and until when; None: for longer than a day."""
    mediator = mediators.get(tx, key)
    if mediator is None or mediator.availability not in PRESENT or not shifts.is_on_duty(tx, key, now):
        return False, None
    return True, on_duty_until(shifts.of(tx, key).values(), mediator.manual_until, now)


def _sentence(until: datetime | None, now: datetime) -> str:
    if until is None:
        return _(
            "Votre téléphone peut encore sonner pour la ligne : pour l’arrêter, reconnectez-vous "
            "et choisissez « J’ai terminé » avant de vous déconnecter."
        )
    time = format_time(until, "short", rebase=False)
    same_day = until.date() == now.date()
    return _(
        "Votre téléphone peut encore sonner pour la ligne jusqu’à %(until)s : pour l’arrêter, "
        "reconnectez-vous et choisissez « J’ai terminé » avant de vous déconnecter.",
        until=time if same_day else f"{words.calendar_day(until.date())}, {time}",
    )
