"""Which number to call back a mediator has typed, and when a wish to hand a talk on was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("typed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("write_ups", sa.Column("typed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("transfers", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # a wish that was taken back would be carried out
    op.execute(sa.text("DELETE FROM transfers WHERE taken_back_at IS NOT NULL AND place_id IS NULL"))
    op.drop_column("transfers", "taken_back_at")
    op.drop_column("write_ups", "typed")
    op.drop_column("tickets", "typed_at")
