"""Measures what the line costs, and writes docs/bench.md: python -m tests.bench (or: make bench)."""

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench import boards, matching, ring, turn
from tests.bench.place import cleared_away, own_schema
from tests.bench.turn import Compared

PAGE = Path(__file__).parent.parent.parent / "docs" / "bench.md"
NAMES = {"bare": "bare constant view", "minimal": "minimal signed view", "ours": "a whole turn"}


def main() -> int:
    given = os.environ.get("DATABASE_URL")
    databases = {"SQLite": None} | ({"PostgreSQL": own_schema(given)} if given else {})
    if not given:
        sys.stderr.write("DATABASE_URL names no PostgreSQL: SQLite alone is measured\n")
    # the commands that are started here take their settings from us alone
    for key in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(key, None)
    try:
        lines = [*_head(), *_turns(databases), *_ring(), *_matching(databases), *_boards()]
    finally:
        if given:
            cleared_away(given)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + f"\n\nWritten to {PAGE}\n")
    return 0


def _head() -> Iterator[str]:
    yield "# Bench"
    yield ""
    yield f"One run of `make bench`: {os.cpu_count()} cores, Python {platform.python_version()}."
    yield "Compare within a run alone: the machine is shared, and what makes the load runs on it too."
    yield ""


def _turns(databases: dict[str, str | None]) -> Iterator[str]:
    yield "## A turn"
    yield ""
    few, many = turn.CONNECTIONS
    yield f"{few} and {many} connections that never rest, the web server as shipped (2 processes),"
    yield f"medians of {turn.ROUNDS} alternating rounds. *Cost* is that of a request beside the minimal view"
    yield "of the same round, by requests/s and by the processor time of the web server's processes. The"
    yield "minimal view checks the signature, reads, updates and inserts a row in one transaction, and"
    yield "answers with TwiML by the client. SQLite lets one writer in at a time and makes the others"
    yield "sleep: with many connections its rates tell how long the lock is held, its processor time"
    yield "what is done."
    yield ""
    yield "| database | conn. | view | requests/s | p50 ms | p95 ms | p99 ms | CPU ms | cost | CPU cost |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for database, url in databases.items():
        for connections in turn.CONNECTIONS:
            for name, found in turn.compare(url, connections).items():
                yield _turn_row(f"{database} | {connections}", NAMES[name], found)
    yield ""


def _turn_row(where: str, name: str, found: Compared) -> str:
    times = " | ".join(f"{one:.1f}" for one in (found.p50, found.p95, found.p99, found.processor))
    costs = f"{found.cost:.2f} | {found.processor_cost:.2f}"
    return f"| {where} | {name} | {found.rate:.0f} | {times} | {costs} |"


def _ring() -> Iterator[str]:
    result = ring.measure()
    yield "## A mediator is free, their telephone rings"
    yield ""
    yield "Web, worker, embedded server and local carrier as processes, SQLite; a caller in hold;"
    yield f"the mediator hangs up and has no time for notes. {ring.TIMES} times, until the carrier rings:"
    yield f"median {result.median:.2f} s, longest {result.longest:.2f} s."
    yield ""


def _matching(databases: dict[str, str | None]) -> Iterator[str]:
    yield "## Matching"
    yield ""
    yield f"Whole transactions, medians of {matching.TIMES}. *Gets free*: a mediator comes back, everybody"
    yield "else talks. *Asks*: a caller chooses a topic, all mediators are free, those who wait need others."
    yield "*Is told*: one of those who wait hears the position and the expected wait."
    yield ""
    yield "| database | mediators | waiting | gets free, ms | asks, ms | is told, ms |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for database, url in databases.items():
        for one in matching.compare(url):
            row = f"{one.mediators} | {one.waiting} | {one.gets_free:.1f} | {one.asks:.1f} | {one.told:.1f}"
            yield f"| {database} | {row} |"


def _boards() -> Iterator[str]:
    result = boards.measure()
    yield ""
    yield "## Open boards"
    yield ""
    yield f"{boards.BOARDS} streams on which the board is pushed"
    yield f"({boards.MEDIATORS} mediators, {boards.WAITING} waiting),"
    yield "the web server as shipped (2 processes), SQLite, the embedded server. The latency of turns at"
    yield f"{_per_second()} a second, and the time from before a change is written until it is on a page."
    yield ""
    yield "| situation | p50 ms | p95 ms | p99 ms |"
    yield "| --- | ---: | ---: | ---: |"
    for situation, one in result.turns.items():
        yield f"| {situation} | {one.p50:.1f} | {one.p95:.1f} | {one.p99:.1f} |"
    yield ""
    median, late, longest = result.shown
    yield f"A change is on a page after {median:.2f} s (median), {late:.2f} s (p99),"
    yield f"{longest:.2f} s (longest of {boards.CHANGES * boards.BOARDS}). Memory of the larger process:"
    yield "; ".join(f"{situation}: {size:.0f} MB" for situation, size in result.memory.items())
    yield f"({result.threads} threads)."


def _per_second() -> str:
    return f"{boards.CONNECTIONS / boards.SLOT:.0f}"


if __name__ == "__main__":
    sys.exit(main())
