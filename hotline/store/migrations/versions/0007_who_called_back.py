"""Who has called back, and which of it was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_attempts_account_id"), "accounts", ["account_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_attempts_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_account_id"))
        batch_op.drop_constraint(batch_op.f("fk_attempts_account_id"), type_="foreignkey")
        batch_op.drop_column("undone_at")
        batch_op.drop_column("account_id")
