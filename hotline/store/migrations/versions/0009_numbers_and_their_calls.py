"""Calls that check a number are counted one by one, and a mediator may have no number."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_calls",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_check_calls_account_id")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_check_calls")),
    )
    op.create_index(op.f("ix_check_calls_account_id"), "check_calls", ["account_id"], unique=False)
    op.create_index(op.f("ix_check_calls_number_index"), "check_calls", ["number_index"], unique=False)
    with op.batch_alter_table("number_checks", schema=None) as batch_op:
        batch_op.drop_column("calls")
        batch_op.drop_column("counted_from")
    op.add_column(
        "mediators", sa.Column("has_number", sa.Boolean(), server_default=sa.true(), nullable=False)
    )


def downgrade() -> None:
    # whoever has no number has one that nobody can call, and must not be rung: they are as if closed
    op.execute(sa.text("UPDATE mediators SET active = false WHERE NOT has_number"))
    op.drop_column("mediators", "has_number")
    # a code that waits to be keyed is asked for again
    op.execute(sa.text("DELETE FROM number_checks"))
    with op.batch_alter_table("number_checks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calls", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False))
    op.drop_table("check_calls")
