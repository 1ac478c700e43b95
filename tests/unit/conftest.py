"""How many examples a property is tried with; a busy machine is no failure."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "hotline", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("hotline")
