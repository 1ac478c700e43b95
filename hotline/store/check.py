"""Checks that the migrations make the tables that the models describe: python -m hotline.store.check."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import MetaData

from hotline.store import schema
from hotline.store.engines import make_engine


def main(models: MetaData = schema.metadata) -> int:
    """Migrate an empty database and compare; 1 when a migration is missing."""
    with TemporaryDirectory(prefix="hotline-check-") as folder:
        found = _differences(f"sqlite:///{Path(folder) / 'check.sqlite3'}", models)
    for one in found:
        sys.stderr.write(f"no migration for: {one}\n")
    return 1 if found else 0


def _differences(database_url: str, models: MetaData) -> list[object]:
    schema.migrate(database_url)
    engine = make_engine(database_url)
    try:
        with engine.connect() as connection:
            return schema.differences(connection, models)
    finally:
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
