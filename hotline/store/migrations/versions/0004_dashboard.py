"""Accounts, write-ups of talks, and what the dashboard notes besides."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum("mediator", "coordinator", "administrator", name="role", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("totp_secret", sa.String(length=255), nullable=True),
        sa.Column("totp_counter", sa.Integer(), nullable=True),
        sa.Column("recovery_codes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("wants_reminders", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_accounts_mediator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("mediator_id", name=op.f("uq_accounts_mediator_id")),
        sa.UniqueConstraint("session", name=op.f("uq_accounts_session")),
    )
    op.create_table(
        "block_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_block_proposals_account_id")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_block_proposals_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_proposals")),
    )
    with op.batch_alter_table("block_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_block_proposals_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_block_proposals_call_id"), ["call_id"], unique=False)
        batch_op.create_index(
            "ix_block_proposals_undecided",
            ["at"],
            unique=False,
            postgresql_where=sa.text("decided_at IS NULL"),
            sqlite_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "number_checks",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_number_checks_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_number_checks")),
        sa.UniqueConstraint("token", name=op.f("uq_number_checks_token")),
    )
    op.create_table(
        "reveals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("number_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_reveals_account_id")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_reveals_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
    )
    with op.batch_alter_table("reveals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reveals_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reveals_call_id"), ["call_id"], unique=False)

    op.create_table(
        "claims",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_claims_account_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_claims_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_claims")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_account_id"), ["account_id"], unique=False)

    op.create_table(
        "transfers",
        sa.Column("offer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_transfers_mediator_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_transfers_offer_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_transfers_place_id")),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_transfers")),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfers_place_id"), ["place_id"], unique=False)

    op.create_table(
        "write_ups",
        sa.Column("offer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "disposition",
            sa.Enum(
                "solved",
                "partly",
                "call_back",
                "passed_on",
                "not_for_us",
                "silent",
                "abusive",
                name="disposition",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("passed_to", sa.LargeBinary(), nullable=True),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_write_ups_mediator_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_write_ups_offer_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_write_ups_ticket_id")),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_write_ups")),
    )
    with op.batch_alter_table("write_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_write_ups_mediator_id"), ["mediator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_write_ups_ticket_id"), ["ticket_id"], unique=False)

    op.add_column("mediators", sa.Column("away_reason", sa.String(length=24), nullable=True))
    op.add_column("mediators", sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))

    op.add_column("shifts", sa.Column("reminded_for", sa.DateTime(timezone=True), nullable=True))

    op.add_column("offers", sa.Column("picked_up_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offers", sa.Column("clicked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offers", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))

    op.add_column("tickets", sa.Column("told", sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tickets_closed_at"), ["closed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tickets_closed_at"))

    op.drop_column("tickets", "told")

    op.drop_column("offers", "declined_at")
    op.drop_column("offers", "clicked_at")
    op.drop_column("offers", "picked_up_at")

    op.drop_column("shifts", "reminded_for")

    op.drop_column("mediators", "active")
    op.drop_column("mediators", "away_reason")

    with op.batch_alter_table("write_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_write_ups_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_write_ups_mediator_id"))

    op.drop_table("write_ups")
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfers_place_id"))

    op.drop_table("transfers")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claims_account_id"))

    op.drop_table("claims")
    with op.batch_alter_table("reveals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reveals_call_id"))
        batch_op.drop_index(batch_op.f("ix_reveals_account_id"))

    op.drop_table("reveals")
    op.drop_table("number_checks")
    with op.batch_alter_table("block_proposals", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_block_proposals_undecided",
            postgresql_where=sa.text("decided_at IS NULL"),
            sqlite_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_block_proposals_call_id"))
        batch_op.drop_index(batch_op.f("ix_block_proposals_account_id"))

    op.drop_table("block_proposals")
    op.drop_table("accounts")
