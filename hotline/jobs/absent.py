"""Without Redis: what a worker would do at once is left to the callers' wait turns, seconds later."""

from hotline.queue.ids import OfferId


class NoJobs:
    """The port Jobs of a process that knows no Redis, such as a command in a shell."""

    def push(self, offer: OfferId) -> None:
        """Do nothing: the next wait turn of the caller lets them out of hold."""
