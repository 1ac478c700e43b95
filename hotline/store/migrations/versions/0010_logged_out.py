"""Log-ins that were ended by logging out."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logged_out",
        sa.Column("log_in", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("log_in", name=op.f("pk_logged_out")),
    )
    with op.batch_alter_table("logged_out", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_logged_out_until"), ["until"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("logged_out", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_logged_out_until"))
    op.drop_table("logged_out")
