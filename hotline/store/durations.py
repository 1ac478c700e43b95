"""Durations worked out by the database: the one thing that its dialects write differently."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

Later = (
    ColumnElement[datetime]
    | ColumnElement[datetime | None]
    | InstrumentedAttribute[datetime]
    | InstrumentedAttribute[datetime | None]
)


class seconds_between(GenericFunction[float]):
    """From the first instant to the second, in seconds."""

    type = Float()
    inherit_cache = True

    def __init__(self, earlier: ColumnElement[datetime], later: Later) -> None:
        super().__init__(earlier, later)


def _both(element: seconds_between, compiler: SQLCompiler, **more: Any) -> tuple[str, str]:
    earlier, later = (compiler.process(one, **more) for one in element.clauses)
    return earlier, later


@compiles(seconds_between)
def _standard(element: seconds_between, compiler: SQLCompiler, **more: Any) -> str:
    earlier, later = _both(element, compiler, **more)
    return f"EXTRACT(EPOCH FROM ({later} - {earlier}))"


@compiles(seconds_between, "sqlite")
def _sqlite(element: seconds_between, compiler: SQLCompiler, **more: Any) -> str:
    earlier, later = _both(element, compiler, **more)
    return f"(julianday({later}) - julianday({earlier})) * 86400.0"
