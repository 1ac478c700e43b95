"""Brings a database to the present schema, and checks that migrations and models agree."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData

from hotline.store import (
    accounts,
    alarms,
    call_log,
    callers,
    calls,
    claims,
    logged_out,
    mediators,
    messages,
    number_checks,
    offers,
    outages,
    places,
    proposals,
    reveals,
    scripts,
    shifts,
    switch,
    tickets,
    transfers,
    write_ups,
)
from hotline.store.base import Base
from hotline.store.engines import make_engine

SUBJECTS = (
    accounts,
    alarms,
    call_log,
    callers,
    calls,
    claims,
    logged_out,
    mediators,
    messages,
    number_checks,
    offers,
    outages,
    places,
    proposals,
    reveals,
    scripts,
    shifts,
    switch,
    tickets,
    transfers,
    write_ups,
)
"""Every module with tables: imported so that the metadata is whole."""
metadata = Base.metadata


def migrate(database_url: str, revision: str = "head") -> None:
    """Upgrade to `revision`. Several processes may do it at once: the migrations run under one lock."""
    engine = make_engine(database_url)
    _keep_private(engine)
    try:
        with engine.connect() as connection, connection.begin():
            _only_one(connection)
            command.upgrade(config(connection), revision)
    finally:
        engine.dispose()


def _keep_private(engine: Engine) -> None:
    """A file that is made now is for its owner alone: names, addresses and passwords' hashes stand in it."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).touch(mode=0o600)


def downgrade(database_url: str, revision: str) -> None:
    engine = make_engine(database_url)
    try:
        with engine.connect() as connection, connection.begin():
            command.downgrade(config(connection), revision)
    finally:
        engine.dispose()


def pending(connection: Connection) -> bool:
    """Whether the database is behind (or ahead of) the migrations of this version."""
    present = MigrationContext.configure(connection).get_current_heads()
    return set(present) != set(ScriptDirectory.from_config(config(connection)).get_heads())


def differences(connection: Connection, models: MetaData = metadata) -> list[object]:
    """What a migration would still have to change for the tables to equal the models."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
    return list(compare_metadata(context, models))


def config(connection: Connection | None = None) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    return settings


def _only_one(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7210)")
