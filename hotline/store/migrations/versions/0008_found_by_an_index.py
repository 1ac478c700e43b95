"""The places of a ticket, and what a mediator was offered last, are found without looking through all."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index("ix_places_ticket_id", ["ticket_id"], unique=False)
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index("ix_offers_mediator", ["mediator_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index("ix_offers_mediator")
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.drop_index("ix_places_ticket_id")
