"""Pages for mediators and coordinators."""

from flask import Flask

from hotline.dashboard import (
    access,
    blocks,
    board,
    day,
    demo_page,
    desk,
    errors,
    invitation_page,
    languages,
    leaving,
    live,
    number_page,
    pages,
    people,
    profile,
    ringing,
    rota,
    second_factor_reset,
    welcome,
)
from hotline.dashboard.addresses import RowId
from hotline.services import Services


def create(services: Services) -> Flask:
    """The application of the pages."""
    app = errors.Pages("hotline.dashboard", static_folder=None)
    app.config["SECRET_KEY"] = services.settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    app.url_map.converters["int"] = RowId
    languages.prepare(app)
    errors.prepare(app)
    pages.prepare(app, services)
    access.protect(app, services)
    leaving.prepare(app, services)
    app.register_blueprint(board.blueprint(services))
    app.register_blueprint(desk.blueprint(services))
    app.register_blueprint(day.blueprint(services))
    app.register_blueprint(ringing.blueprint(services))
    app.register_blueprint(live.blueprint(services, app))
    app.register_blueprint(invitation_page.blueprint(services))
    app.register_blueprint(welcome.blueprint(services))
    app.register_blueprint(number_page.blueprint(services))
    app.register_blueprint(profile.blueprint(services))
    for of_coordinators in (people, rota, blocks):
        app.register_blueprint(of_coordinators.blueprint(services))
    second_factor_reset.add(app, services)
    demo_page.add(app, services)
    return app
