"""Where the bench works: settings of its own, and a database that may be emptied."""

from sqlalchemy import create_engine, make_url

from tests.scripts import CONFIG

SCHEMA = "hotline_bench"


def settings(database_url: str, public_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "HOTLINE_PUBLIC_URL": public_url,
        "HOTLINE_CONFIG": str(CONFIG),
        "HOTLINE_FICTION_NUMBERS": "1",
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
        "TWILIO_AUTH_TOKEN": "the token of the bench",
        "TWILIO_API_BASE": "http://127.0.0.1:1",
        "SECRET_KEY": "a secret for the bench alone",
    }


def own_schema(database_url: str) -> str:
    """The address of a schema of the bench's own in that database."""
    return (
        make_url(database_url)
        .update_query_dict({"options": f"-c search_path={SCHEMA}"})
        .render_as_string(hide_password=False)
    )


def emptied(database_url: str) -> None:
    """Take everything away that an earlier round has left."""
    url = make_url(database_url)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if url.get_backend_name() == "sqlite":
            for (table,) in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).all():
                connection.exec_driver_sql(f'DROP TABLE "{table}"')
        else:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
    engine.dispose()


def cleared_away(database_url: str) -> None:
    """Leave a database that was lent as it was."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    engine.dispose()
