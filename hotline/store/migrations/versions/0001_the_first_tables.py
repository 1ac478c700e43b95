"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mediators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "availability",
            sa.Enum(
                "available",
                "offered",
                "on_call",
                "wrap_up",
                "away",
                "off",
                name="availability",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("manual_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediators")),
        sa.UniqueConstraint("number_index", name=op.f("uq_mediators_number_index")),
    )
    op.create_index("ix_mediators_free", "mediators", ["availability", "idle_since", "id"], unique=False)
    op.create_table(
        "scripts",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_scripts")),
    )
    op.create_table(
        "shift_zones",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shift_zones")),
    )
    op.create_table(
        "switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switch")),
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leg", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("script", sa.String(length=64), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "blocked",
                "answered",
                "callback",
                "message",
                "failed",
                "informed",
                "short",
                "abandoned_in_queue",
                "abandoned_in_menu",
                name="outcome",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["script"], ["scripts.version"], name=op.f("fk_calls_script")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("leg", name=op.f("uq_calls_leg")),
    )
    op.create_index(op.f("ix_calls_number_index"), "calls", ["number_index"], unique=False)
    op.create_index(
        "ix_calls_open",
        "calls",
        ["started_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_calls_started_at"), "calls", ["started_at"], unique=False)
    op.create_table(
        "mediator_languages",
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_mediator_languages_mediator_id")
        ),
        sa.PrimaryKeyConstraint("mediator_id", "language", name=op.f("pk_mediator_languages")),
    )
    op.create_table(
        "mediator_skills",
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_mediator_skills_mediator_id")
        ),
        sa.PrimaryKeyConstraint("mediator_id", "skill", name=op.f("pk_mediator_skills")),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_shifts_mediator_id")),
        sa.ForeignKeyConstraint(["zone"], ["shift_zones.name"], name=op.f("fk_shifts_zone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index(op.f("ix_shifts_mediator_id"), "shifts", ["mediator_id"], unique=False)
    op.create_table(
        "call_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_log_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_log")),
    )
    op.create_index("uq_call_log_call_id_key", "call_log", ["call_id", "key"], unique=True)
    # the match lock is one row, and it is there from the start
    op.execute("INSERT INTO switch (id, n) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_table("call_log")
    op.drop_table("shifts")
    op.drop_table("mediator_skills")
    op.drop_table("mediator_languages")
    op.drop_table("calls")
    op.drop_table("switch")
    op.drop_table("shift_zones")
    op.drop_table("scripts")
    op.drop_table("mediators")
