"""What all tables share: the declarative base, names of constraints, and instants that are always UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, Dialect, Enum, MetaData, TypeDecorator, literal_column
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

NAMES: Final = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC, also where the database keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: Final[dict[Any, Any]] = {
        datetime: Instant(),
        # words, not numbers or names: a table can be read without the code
        StrEnum: Enum(
            StrEnum, native_enum=False, create_constraint=False, length=24, values_callable=_values
        ),
    }


def one_of(column: InstrumentedAttribute[Any], words: Iterable[StrEnum]) -> ColumnElement[bool]:
    """Whether the column holds one of these words, which are written out in the statement.

    So an index of just these rows is used, also by a statement that is planned once for all its values.
    SQLite knows no condition but the index's own: one word is compared, several stand in their order.
    """
    in_order = sorted(words, key=lambda word: list(type(word).__members__.values()).index(word))
    written: list[ColumnElement[Any]] = [literal_column(f"'{word}'") for word in in_order]
    return column == written[0] if len(written) == 1 else column.in_(written)
