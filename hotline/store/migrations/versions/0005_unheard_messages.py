"""Voice messages of which the carrier could not tell: when it is asked for those of a call."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("messages_due_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index(
            "ix_calls_messages_due",
            ["messages_due_at"],
            unique=False,
            postgresql_where=sa.text("messages_due_at IS NOT NULL"),
            sqlite_where=sa.text("messages_due_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_calls_messages_due",
            postgresql_where=sa.text("messages_due_at IS NOT NULL"),
            sqlite_where=sa.text("messages_due_at IS NOT NULL"),
        )

    op.drop_column("calls", "messages_due_at")
