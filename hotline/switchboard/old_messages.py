"""Deletes voice messages that are older than their line said it keeps them."""

import logging
from datetime import timedelta
from functools import partial

from hotline.store import callbacks, messages, tickets
from hotline.store.messages import Message
from hotline.store.transactions import Tx
from hotline.switchboard import promises
from hotline.switchboard.ports import CarrierTrouble
from hotline.switchboard.watchdog import Watch

log = logging.getLogger(__name__)


def forget(watch: Watch) -> None:
    """Delete them, at the carrier first; what could not be deleted is so the next time."""
    for message in _old(watch):
        try:
            watch.carrier.delete_message(message.recording)
        except CarrierTrouble as error:
            log.warning("a voice message could not be deleted, and will be the next time: %s", error)
            return
        watch.store.run(partial(_forget, watch, message))


def _old(watch: Watch) -> list[Message]:
    """By the days that callers of each line are told of; of a line that is gone, by the fewest."""
    days = {line.script.name: line.script.limits.message_days for line in watch.lines.lines}
    with watch.store.reading() as tx:
        return [
            message
            for name in messages.lines(tx)
            for message in messages.old(
                tx, name, watch.clock.now() - timedelta(days=days.get(name, min(days.values())))
            )
        ]


def _forget(watch: Watch, message: Message, tx: Tx) -> None:
    """A ticket without a number that has lost its last message asks for nothing that could be done."""
    m = watch.moment(tx)
    place = callbacks.of_ticket(tx, message.ticket)
    messages.forget(tx, message.id)
    ticket = tickets.get(tx, message.ticket)
    assert ticket is not None, "messages go with their tickets"
    if place is not None and not promises.can_be_served(m, ticket):
        promises.give_up(m, place, ticket.id)
        m.note(ticket.call_id, "message_too_old")
