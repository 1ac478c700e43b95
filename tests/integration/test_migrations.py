"""Migrations: up, down and up again; equal to the models; and several processes at once."""

import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Engine,
    Inspector,
    Integer,
    MetaData,
    Table,
    create_engine,
    inspect,
    make_url,
    select,
    text,
)

from hotline.queue.ids import LegSid, LineName
from hotline.queue.shifts import Hours, Shift
from hotline.store import calls, check, mediators, schema, scripts, shifts, switch
from hotline.store.base import Base
from hotline.store.engines import make_engine
from hotline.store.transactions import Store, Tx
from tests.databases import GIVEN

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SCHEMA = "hotline_migrations"
HOTLINE = Path(__file__).parent.parent.parent


@pytest.fixture
def empty_url(tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, on the same server as the other tests'."""
    if GIVEN is None:
        yield f"sqlite:///{tmp_path / 'new.sqlite3'}"
        return
    # a schema of its own, not a database: that takes no more than what the owner of a database may do
    given = make_url(GIVEN)
    server = create_engine(given, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
            there = given.update_query_dict({"options": f"-c search_path={SCHEMA}"})
            yield there.render_as_string(hide_password=False)
            connection.exec_driver_sql(f"DROP SCHEMA {SCHEMA} CASCADE")
    finally:
        server.dispose()


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = make_engine(empty_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "new.sqlite3"
    schema.migrate(f"sqlite:///{path}")
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in (path.parent, path)}
    assert modes == {"var": 0o700, "new.sqlite3": 0o600}


def fill(tx: Tx) -> None:
    """Rows that refer to each other."""
    scripts.keep(tx, "v1", "demo", {}, NOW)
    calls.add(tx, LegSid("caller"), LineName("demo"), "v1", "+33639980001", NOW)
    one = mediators.add(tx, "Amina", "+33639980101", ["fr"], ["taxes"], NOW)
    shifts.add(tx, one, Shift(0, Hours(540, 720), "Europe/Paris"))


def test_up_down_to_nothing_and_up_again_with_rows_in_between(empty_url: str, engine: Engine) -> None:
    for _ in range(2):
        schema.migrate(empty_url)
        assert tables(engine) == set(Base.metadata.tables)
        store = Store(empty_url, "a secret for the tests")
        store.run(fill)
        store.run(switch.take)
        store.close()
        schema.downgrade(empty_url, "base")
        assert tables(engine) == set()


def test_a_migration_that_is_run_again_changes_nothing(empty_url: str, engine: Engine) -> None:
    schema.migrate(empty_url)
    store = Store(empty_url, "a secret for the tests")
    store.run(fill)
    schema.migrate(empty_url)
    with store.reading() as tx:
        assert len(mediators.every(tx)) == 1
    store.close()
    with engine.connect() as connection:
        assert not schema.pending(connection)


def test_what_is_not_migrated_is_pending(empty_url: str, engine: Engine) -> None:
    with engine.connect() as connection:
        assert schema.pending(connection)


def test_the_migrations_make_what_the_models_describe(empty_url: str, engine: Engine) -> None:
    """Compared by alembic, and by what the database itself says: alembic overlooks the WHERE of an index."""
    schema.migrate(empty_url)
    with engine.connect() as connection:
        assert schema.differences(connection) == []
    migrated = {table: described(inspect(engine), table) for table in tables(engine)}
    schema.downgrade(empty_url, "base")
    Base.metadata.create_all(engine)
    assert migrated == {table: described(inspect(engine), table) for table in tables(engine)}


def described(inspector: Inspector, table: str) -> dict[str, Any]:
    columns = {one["name"]: (str(one["type"]), one["nullable"]) for one in inspector.get_columns(table)}
    return {
        "columns": columns,
        "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
        "indexes": sorted(_index(one) for one in inspector.get_indexes(table)),
        "unique": sorted(str(one["column_names"]) for one in inspector.get_unique_constraints(table)),
        "foreign keys": sorted(
            f"{one['constrained_columns']} {one['referred_table']} {one['referred_columns']}"
            for one in inspector.get_foreign_keys(table)
        ),
    }


def _index(one: Any) -> str:
    where = [str(value) for key, value in one.get("dialect_options", {}).items() if key.endswith("_where")]
    return f"{one['name']} {one['column_names']} unique {bool(one['unique'])} where {where}"


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE calls ADD COLUMN mood TEXT", "DROP INDEX ix_places_waiting", "DROP TABLE write_ups"],
)
def test_a_change_without_a_migration_is_seen(empty_url: str, engine: Engine, change: str) -> None:
    schema.migrate(empty_url)
    with engine.begin() as connection:
        connection.execute(text(change))
    with engine.connect() as connection:
        assert schema.differences(connection) != []


def test_the_check_finds_nothing_missing() -> None:
    assert check.main() == 0


def test_the_check_names_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    models = MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(models)
    Table("moods", models, Column("id", Integer, primary_key=True))
    assert check.main(models) == 1
    assert "moods" in capsys.readouterr().err


def test_the_check_is_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "hotline.store.check"],
        cwd=HOTLINE,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_several_processes_migrate_at_once(empty_url: str, engine: Engine) -> None:
    start = "import sys; from hotline.store import schema; sys.stdin.read(1); schema.migrate(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", start, empty_url], cwd=HOTLINE, stdin=subprocess.PIPE)
        for _ in range(4)
    ]
    for one in started:
        assert one.stdin is not None
        one.stdin.write(b".")
        one.stdin.close()
    assert [one.wait(timeout=60) for one in started] == [0, 0, 0, 0]
    with engine.connect() as connection:
        assert connection.execute(select(switch.SwitchRow.id)).scalars().all() == [1]
        assert not schema.pending(connection)
