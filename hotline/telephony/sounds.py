"""The sounds that the carrier fetches and plays: open to everybody, and kept by whoever has fetched them."""

from typing import Final

from flask import Blueprint, Response, abort, request

from hotline.telephony import music

ONE_DAY: Final = 24 * 60 * 60


def blueprint() -> Blueprint:
    routes = Blueprint("sounds", __name__, url_prefix="/sounds")
    routes.add_url_rule("/hold-<int:part>.wav", "hold", _hold)
    return routes


def _hold(part: int) -> Response:
    """A part of the hold music, or what is asked of it: telephones in browsers fetch by pieces."""
    if part >= music.PARTS:
        abort(404)
    sound = music.wav(part)
    answer = Response(sound, mimetype="audio/wav")
    answer.cache_control.public = True
    answer.cache_control.max_age = ONE_DAY
    answer.add_etag()
    answer.make_conditional(request, accept_ranges=True, complete_length=len(sound))
    return answer
