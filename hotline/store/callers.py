"""What is remembered of a number, by its index alone: the chosen language, and whether it is blocked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, Row, String, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.store.base import Base
from hotline.store.transactions import Tx


class CallerRow(Base):
    __tablename__ = "callers"
    number_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(16))


class BlockRow(Base):
    __tablename__ = "blocks"
    number_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    number: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Block:
    number: str
    reason: str
    since: datetime
    until: datetime | None


_LANGUAGE = select(CallerRow.language).where(CallerRow.number_index == bindparam("number_index"))
_BLOCKED = select(BlockRow.number_index).where(
    BlockRow.number_index == bindparam("number_index"),
    or_(BlockRow.until.is_(None), BlockRow.until > bindparam("now")),
)
_BLOCKS = select(BlockRow.number, BlockRow.reason, BlockRow.since, BlockRow.until)
_CHANGE = (
    update(CallerRow)
    .where(CallerRow.number_index == bindparam("index"))
    .values(language=bindparam("to_language"))
)


def language(tx: Tx, number_index: bytes) -> str | None:
    """What the caller of that number chose last."""
    return tx.connection.execute(_LANGUAGE, {"number_index": number_index}).scalar_one_or_none()


def remember_language(tx: Tx, number_index: bytes, language: str) -> None:
    """Raises IntegrityError when another call of the same number does it just now (it runs again)."""
    values = {"index": number_index, "to_language": language}
    if tx.connection.execute(_CHANGE, values).rowcount == 0:
        tx.connection.execute(insert(CallerRow), {"number_index": number_index, "language": language})


def is_blocked(tx: Tx, number_index: bytes, now: datetime) -> bool:
    found = tx.connection.execute(_BLOCKED, {"number_index": number_index, "now": now})
    return found.first() is not None


def block(tx: Tx, number: str, reason: str, until: datetime | None, now: datetime) -> None:
    """Block a number until then; None: until it is unblocked."""
    unblock(tx, number)
    values = {
        "number_index": tx.sealer.index(number),
        "number": tx.sealer.seal(number),
        "reason": reason,
        "since": now,
        "until": until,
    }
    tx.connection.execute(insert(BlockRow), values)


def unblock(tx: Tx, number: str) -> bool:
    """False when the number was not blocked."""
    gone = delete(BlockRow).where(BlockRow.number_index == tx.sealer.index(number))
    return tx.connection.execute(gone).rowcount == 1


def blocks(tx: Tx) -> list[Block]:
    """All blocks, the oldest first."""
    return [_block(tx, row) for row in tx.connection.execute(_BLOCKS.order_by(BlockRow.since))]


def latest_blocks(tx: Tx, skip: int, many: int) -> list[Block]:
    """So many blocks at most, the newest first, without so many of the newest."""
    found = _BLOCKS.order_by(BlockRow.since.desc(), BlockRow.number_index).offset(skip).limit(many)
    return [_block(tx, row) for row in tx.connection.execute(found)]


def how_many_blocked(tx: Tx) -> int:
    """Numbers on the list, also those whose block has ended."""
    return tx.connection.execute(select(func.count()).select_from(BlockRow)).scalar_one()


def blocked_since(tx: Tx, number_index: bytes) -> int:
    """How many come before the number with that index in the order of `latest_blocks`."""
    its = select(BlockRow.since).where(BlockRow.number_index == number_index).scalar_subquery()
    together = and_(BlockRow.since == its, BlockRow.number_index < number_index)
    newer = select(func.count()).where(or_(BlockRow.since > its, together))
    return tx.connection.execute(newer).scalar_one()


def block_of(tx: Tx, number_index: bytes) -> Block | None:
    """The block of the number with that index, also one that has ended."""
    row = tx.connection.execute(_BLOCKS.where(BlockRow.number_index == number_index)).one_or_none()
    return _block(tx, row) if row else None


def _block(tx: Tx, row: Row[bytes, str, datetime, datetime | None]) -> Block:
    sealed, reason, since, until = row
    return Block(tx.sealer.open(sealed), reason, since, until)
