"""When an alarm is mailed, and what the mail says."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.queue.alarms import QUIET, RETRY, WORDS, About, Alarm, Kind, body, heading

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PARIS = About("Ligne demo, l'aide au numérique", ZoneInfo("Europe/Paris"))
REUNION = About("Ligne reunion, l'aide au numérique", ZoneInfo("Indian/Reunion"))


def alarm(kind: Kind = Kind.CALL_FAILED, subject: str = "demo", count: int = 1, detail: str = "") -> Alarm:
    return Alarm(kind, subject, detail, count, first_at=NOW, raised_at=NOW)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 20 * 60),  # seconds until the step
        st.integers(0, 2),  # so many raised before it
        st.booleans(),  # whether the mail server is there
    ),
    min_size=1,
    max_size=120,
)


@given(STEPS)
def test_mails_are_rare_and_tell_each_time_exactly_once(steps: list[tuple[int, int, bool]]) -> None:
    now, it = NOW, alarm(count=0)
    raised, told = 0, 0
    mails, tries = list[datetime](), list[datetime]()
    for seconds, many, reachable in steps:
        now += timedelta(seconds=seconds)
        for _ in range(many):
            it = it.again("", now)
        raised += many
        if it.is_due(now):
            assert it.first_at <= it.raised_at <= now
            assert not mails or it.first_at >= mails[-1]
            tries.append(now)
            it, count = it.tried(now), it.count
            if reachable:
                it, told = it.mailed(), told + count
                mails.append(now)
        assert told + it.count == raised
        # what is left untold was told of, or tried, a short while ago
        assert it.count == 0 or (mails and now - mails[-1] < QUIET) or now - tries[-1] < RETRY
    assert all(later - sooner >= QUIET for sooner, later in pairwise(mails))
    assert all(later - sooner >= RETRY for sooner, later in pairwise(tries))


def test_the_limits_are_met_to_the_second() -> None:
    mailed = alarm().tried(NOW).mailed().again("", NOW)
    assert not mailed.is_due(NOW + QUIET - timedelta(seconds=1))
    assert mailed.is_due(NOW + QUIET)
    failed = alarm().tried(NOW)
    assert not failed.is_due(NOW + RETRY - timedelta(seconds=1))
    assert failed.is_due(NOW + RETRY)


def test_a_mail_that_is_tried_again_is_not_new() -> None:
    assert alarm().is_new
    assert not alarm().tried(NOW).is_new
    assert alarm().tried(NOW).mailed().again("", NOW).is_new


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_what_it_means_and_what_to_do_in_both_languages(kind: Kind) -> None:
    text = body([alarm(kind)], {"demo": PARIS})
    words = WORDS[kind]
    assert f"\nCe que cela veut dire : {words.meaning}\nQue faire maintenant : {words.to_do}\n" in text
    assert f"\nIn English: {words.english}\n" in text
    assert words.meaning.endswith(".")
    assert words.to_do.endswith((".", "?"))
    assert heading([alarm(kind)]) == f"Alerte : {words.title} (demo)"
    assert len(kind) <= 32


def test_a_whole_mail() -> None:
    told = Alarm(
        Kind.CALL_FAILED,
        "demo",
        "le transporteur s'est rabattu",
        count=3,
        first_at=datetime(2026, 7, 14, 10, 1, tzinfo=UTC),
        raised_at=datetime(2026, 7, 14, 10, 29, tzinfo=UTC),
        mailed_at=datetime(2026, 7, 14, 10, 0, tzinfo=UTC),
    )
    assert body([told], {"demo": PARIS}) == (
        "UN APPEL S'EST MAL PASSÉ\n"
        "Ligne demo, l'aide au numérique\n"
        "Constaté 3 fois depuis le 14/07/2026 à 12:01, la dernière fois le 14/07/2026 à 12:29 ; "
        "message précédent le 14/07/2026 à 12:00 (heure : Europe/Paris).\n"
        "Détail : le transporteur s'est rabattu\n"
        "Ce que cela veut dire : Une panne a touché un appel : la personne n'a peut-être pas eu l'aide "
        "attendue.\n"
        "Que faire maintenant : Regardez les derniers appels (commande « hotline calls ») et rappelez si "
        "possible. Si cela se répète, prévenez la personne qui s'occupe du serveur.\n"
        "In English: A call failed: see `hotline calls`, and call the person back if you can.\n"
        "\n"
        "-- \n"
        "Une même alerte n'est pas envoyée plus d'une fois toutes les 30 minutes.\n"
    )


def test_what_happened_once_has_one_time_and_no_empty_line() -> None:
    text = body([alarm()], {"demo": PARIS})
    assert "\nConstaté le 23/11/2026 à 11:00 (heure : Europe/Paris).\nCe que cela veut dire" in text


def test_several_alarms_are_one_mail_the_gravest_first() -> None:
    alarms = [alarm(Kind.LONG_WAIT), alarm(Kind.CALL_FAILED, "reunion"), alarm(Kind.CALL_FAILED)]
    assert heading(alarms) == "Alerte : Un appel s'est mal passé (demo), et 2 de plus"
    text = body(alarms, {"demo": PARIS, "reunion": REUNION})
    titles = [line for line in text.splitlines() if line.isupper() or line.startswith("Ligne")]
    assert titles == [
        "UN APPEL S'EST MAL PASSÉ",
        "Ligne demo, l'aide au numérique",
        "UN APPEL S'EST MAL PASSÉ",
        "Ligne reunion, l'aide au numérique",
        "UNE ATTENTE DÉPASSE 10 MINUTES",
        "Ligne demo, l'aide au numérique",
    ]
    assert "11:00 (heure : Europe/Paris)" in text
    assert "14:00 (heure : Indian/Reunion)" in text


def test_what_concerns_no_line_names_none() -> None:
    assert heading([alarm(Kind.STORE_AWAY, "")]) == "Alerte : La base de données ne répond pas"
