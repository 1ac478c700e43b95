"""The RQ jobs, thin: they find what they work with here, as RQ hands them nothing but ids."""

from hotline.services import Services

_services: Services | None = None


def use(services: Services) -> None:
    """Say what the jobs of this process work with; the worker does, before it works."""
    global _services
    _services = services


def services() -> Services:
    if _services is None:
        raise RuntimeError("a job ran in a process that never called hotline.jobs.use()")
    return _services
