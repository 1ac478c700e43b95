"""Which silence is an outage, and whom it has dropped."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.queue.outages import (
    BEAT_EVERY,
    LONGEST_SILENCE,
    ONE_START,
    REACH,
    Outage,
    beat_is_due,
    dropped_by,
    of_beat,
    of_start,
    on_the_line,
    to_be_called_back,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OUTAGE = Outage(NOW - 4 * SECOND, NOW)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("last", "due"), [(None, True), (ago(4.9), False), (ago(5), True), (ago(-4.9), False), (ago(-3600), True)]
)
def test_a_beat_is_due_every_five_seconds_and_after_a_clock_was_put_back(
    last: datetime | None, due: bool
) -> None:
    """A little in the future is another machine's clock."""
    assert beat_is_due(last, NOW) is due


def test_a_beat_that_is_late_ends_an_outage() -> None:
    assert of_beat(ago(15), NOW) is None
    assert of_beat(ago(15.1), NOW) == Outage(ago(15.1), NOW)
    assert of_beat(None, NOW) is None
    assert of_beat(ago(-3600), NOW) is None
    assert BEAT_EVERY * 3 <= LONGEST_SILENCE, "one that comes late is no outage"


@pytest.mark.parametrize("since", [0, 0.5, 3, 86_400])
def test_a_start_ends_one_however_short(since: float) -> None:
    assert of_start(ago(since), None, NOW) == Outage(ago(since), NOW)
    assert of_start(ago(since), ago(2), NOW) == Outage(ago(since), NOW)


def test_processes_that_start_together_note_it_once() -> None:
    assert of_start(ago(1.9), ago(1.9), NOW) is None
    assert of_start(NOW, ago(-1), NOW) is None
    assert timedelta() < ONE_START <= 2 * SECOND, "a restart of ours takes longer"


def test_where_nobody_has_ever_been_or_the_clock_was_put_back_it_has_no_length() -> None:
    assert of_start(None, None, NOW) == Outage(NOW, NOW)
    assert of_start(ago(-3600), None, NOW) == Outage(NOW, NOW)


@pytest.mark.parametrize(
    ("started", "answered", "now", "dropped"),
    [
        (ago(60), ago(30), NOW + 30 * SECOND, True),
        (ago(60), None, NOW + 30 * SECOND, True),
        (ago(60), NOW, NOW + 30 * SECOND, True),
        (ago(60), ago(30), NOW - SECOND, True),  # another machine's clock
        (ago(60), NOW + SECOND, NOW + 30 * SECOND, False),
        (ago(60), ago(30), NOW + REACH - SECOND, True),
        (ago(60), ago(30), NOW + REACH, False),
        (ago(60), ago(30), NOW - REACH, False),
        (ago(2), ago(2), NOW + 30 * SECOND, True),
        (NOW, None, NOW + 30 * SECOND, False),
    ],
)
def test_who_was_on_the_line_and_has_had_no_answer_since_was_dropped(
    started: datetime, answered: datetime | None, now: datetime, dropped: bool
) -> None:
    assert dropped_by([OUTAGE], started, answered, now) == (OUTAGE if dropped else None)


def test_the_latest_of_several_is_named() -> None:
    earlier, later = Outage(ago(100), ago(90)), Outage(ago(8), ago(5))
    assert dropped_by([OUTAGE, earlier, later], ago(200), ago(150), NOW) == OUTAGE
    assert dropped_by([earlier, later], ago(200), ago(50), NOW) == later
    assert dropped_by([earlier], ago(200), ago(50), NOW) is None
    assert dropped_by([], ago(200), None, NOW) is None


def test_the_words_of_the_alarm() -> None:
    outage = Outage(NOW - timedelta(hours=13), NOW)
    when = "du 22/11/2026 à 22:00:00 au 23/11/2026 à 11:00:00"
    assert on_the_line(outage, "Europe/Paris", 3) == f"{when} ; appels en cours : 3"
    assert to_be_called_back(outage, "Europe/Paris") == f"{when} ; une personne coupée est à rappeler"
    assert outage.is_grave
    assert not OUTAGE.is_grave
    assert Outage(ago(15), NOW).is_grave
