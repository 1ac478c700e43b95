"""What an entry point may use: built once by wiring, handed to web, worker and commands."""

from dataclasses import dataclass

from hotline.settings import Settings
from hotline.store.transactions import Store
from hotline.switchboard.lines import Lines
from hotline.switchboard.ports import Carrier, Clock, Events, Jobs, Mail, WebhookCheck


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    store: Store
    lines: Lines
    clock: Clock
    carrier: Carrier
    jobs: Jobs
    events: Events
    webhooks: WebhookCheck
    mail: Mail
