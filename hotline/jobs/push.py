"""The job that has the carrier ring a mediator for a caller on hold."""

from hotline import jobs
from hotline.queue.ids import OfferId
from hotline.switchboard import pushes


def push_offer(offer_id: int) -> None:
    """May run twice, and may run too late: the switchboard looks before it acts."""
    here = jobs.services()
    pushes.push(
        store=here.store,
        carrier=here.carrier,
        lines=here.lines,
        jobs=here.jobs,
        clock=here.clock,
        offer=OfferId(offer_id),
    )
