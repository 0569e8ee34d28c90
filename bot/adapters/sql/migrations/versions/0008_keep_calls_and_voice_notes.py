"""Keep calls, voice notes and legal holds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("held", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("ix_incoming_received_at", "incoming", ["received_at"])
    op.create_index("ix_outgoing_created_at", "outgoing", ["created_at"])
    _media()
    _media_part()
    _call()
    _legal_hold()
    _redaction()
    _purged()


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"], ["person.id"], name=f"fk_{table}_person_id", initially="DEFERRED", deferrable=True
    )


def _media() -> None:
    op.create_table(
        "media",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("content_type", sa.String(64), nullable=False),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_at", TIME),
        sa.Column("came_at", TIME, nullable=False),
        _person("media"),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
    )
    for column in ("person_id", "message_id", "next_at", "came_at"):
        op.create_index(f"ix_media_{column}", "media", [column])


def _media_part() -> None:
    op.create_table(
        "media_part",
        sa.Column("id", sa.String(48), nullable=False),
        sa.Column("media_id", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name="fk_media_part_media_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_media_part"),
    )
    op.create_index("ix_media_part_media_id", "media_part", ["media_id"])


def _call() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32)),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("staff_name", sa.String(128), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("provider_id", sa.String(64)),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        _person("call"),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
    )
    op.create_index("ix_call_person_id", "call", ["person_id"])
    op.create_index("ix_call_case_id", "call", ["case_id"])


def _legal_hold() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", sa.String(128), nullable=False),
        sa.Column("placed_at", TIME, nullable=False),
        sa.Column("lifted_by", sa.String(128)),
        sa.Column("lifted_at", TIME),
        sa.Column("erase", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _person("legal_hold"),
        sa.PrimaryKeyConstraint("id", name="pk_legal_hold"),
    )
    op.create_index("ix_legal_hold_person_id", "legal_hold", ["person_id"])
    in_force = sa.text("lifted_at IS NULL")
    op.create_index(
        "uq_legal_hold__in_force",
        "legal_hold",
        ["person_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def _redaction() -> None:
    op.create_table(
        "redaction",
        sa.Column("provider_id", sa.String(128), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("error", sa.String(64)),
        sa.PrimaryKeyConstraint("provider_id", name="pk_redaction"),
    )
    op.create_index("ix_redaction_at", "redaction", ["at"])


def _purged() -> None:
    op.create_table(
        "purged",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_purged"),
    )


def downgrade() -> None:
    """Undo the change."""
    for name in ("purged", "redaction", "legal_hold", "call", "media_part", "media"):
        op.drop_table(name)
    op.drop_index("ix_outgoing_created_at", "outgoing")
    op.drop_index("ix_incoming_received_at", "incoming")
    with op.batch_alter_table("person") as table:
        table.drop_column("held")
