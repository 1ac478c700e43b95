"""What a command in a shell works with, closed when the command ends."""

import os

import click

from hotline import wiring
from hotline.services import Services


def opened() -> Services:
    """The services for the settings in the environment. Raises SettingsError."""
    services = wiring.from_environment(os.environ)
    click.get_current_context().call_on_close(services.store.close)
    wiring.check_secret(services)
    return services
