"""What callers wait for: tickets, messages, places and offers; and what is remembered of their numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number_index", name=op.f("pk_blocks")),
    )
    op.create_table(
        "callers",
        sa.Column("number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("number_index", name=op.f("pk_callers")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("told_to", sa.LargeBinary(length=32), nullable=True),
        sa.Column(
            "best",
            sa.Enum("any", "morning", "afternoon", name="besttime", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("open", "callback_due", "closed", name="ticketstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_tickets_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_call_id"), "tickets", ["call_id"], unique=False)
    op.create_index(op.f("ix_tickets_number_index"), "tickets", ["number_index"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("recording", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_messages_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("recording", name=op.f("uq_messages_recording")),
    )
    op.create_index(op.f("ix_messages_left_at"), "messages", ["left_at"], unique=False)
    op.create_index(op.f("ix_messages_ticket_id"), "messages", ["ticket_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "result",
            sa.Enum("reached", "not_reached", "given_up", name="attempt", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_attempts_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_ticket_id"), "attempts", ["ticket_id"], unique=False)
    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("call", "callback", name="placekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("skill", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "offered", "connected", "ended", name="placestate", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "said",
            sa.Enum("nothing", "position", "callback", name="saying", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_position", sa.Integer(), nullable=True),
        sa.Column("told_minutes", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end",
            sa.Enum("answered", "left", "given_up", name="placeend", native_enum=False, length=24),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_places_call_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["mediators.id"], name=op.f("fk_places_previous_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_places_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    op.create_index("ix_places_call_id", "places", ["call_id"], unique=False)
    op.create_index(
        "ix_places_callbacks",
        "places",
        ["queued_at", "id"],
        unique=False,
        postgresql_where=sa.text("kind = 'callback' AND state = 'waiting'"),
        sqlite_where=sa.text("kind = 'callback' AND state = 'waiting'"),
    )
    op.create_index(
        "ix_places_waiting",
        "places",
        ["queued_at", "id"],
        unique=False,
        postgresql_where=sa.text("kind = 'call' AND state = 'waiting'"),
        sqlite_where=sa.text("kind = 'call' AND state = 'waiting'"),
    )
    op.create_index(
        "uq_places_open_call",
        "places",
        ["call_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'call' AND state <> 'ended'"),
        sqlite_where=sa.text("kind = 'call' AND state <> 'ended'"),
    )
    op.create_index(
        "uq_places_open_ticket",
        "places",
        ["ticket_id"],
        unique=True,
        postgresql_where=sa.text("ticket_id IS NOT NULL AND state <> 'ended'"),
        sqlite_where=sa.text("ticket_id IS NOT NULL AND state <> 'ended'"),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "ringing",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                "finished",
                name="offerstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leg", sa.String(length=64), nullable=True),
        sa.Column("push_failed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_offers_mediator_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_offers_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(
        "ix_offers_overdue",
        "offers",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('assigned', 'ringing', 'accepted')"),
        sqlite_where=sa.text("state IN ('assigned', 'ringing', 'accepted')"),
    )
    op.create_index("ix_offers_place", "offers", ["place_id", "mediator_id"], unique=False)
    op.create_index(
        "uq_offers_accepted",
        "offers",
        ["place_id"],
        unique=True,
        postgresql_where=sa.text("state = 'accepted'"),
        sqlite_where=sa.text("state = 'accepted'"),
    )
    op.create_index(
        "uq_offers_live",
        "offers",
        ["mediator_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('assigned', 'ringing', 'accepted')"),
        sqlite_where=sa.text("state IN ('assigned', 'ringing', 'accepted')"),
    )


def downgrade() -> None:
    op.drop_table("offers")
    op.drop_table("places")
    op.drop_table("attempts")
    op.drop_table("messages")
    op.drop_table("tickets")
    op.drop_table("callers")
    op.drop_table("blocks")
