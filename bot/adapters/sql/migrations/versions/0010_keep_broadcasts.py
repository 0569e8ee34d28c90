"""Keep broadcasts, their recipients, prices and templates."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    _broadcast()
    _recipient()
    _price()
    _tag()
    op.add_column("outgoing", sa.Column("broadcast_id", sa.String(32)))
    op.add_column("outgoing", sa.Column("template", sa.String(64)))
    op.add_column("outgoing", sa.Column("opened_at", TIME))
    op.create_index("ix_outgoing_broadcast_id_status", "outgoing", ["broadcast_id", "status"])
    op.add_column("address", sa.Column("operator", sa.String(16), server_default="", nullable=False))


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_outgoing_broadcast_id_status", "outgoing")
    with op.batch_alter_table("outgoing") as batch:
        for name in ("broadcast_id", "template", "opened_at"):
            batch.drop_column(name)
    with op.batch_alter_table("address") as batch:
        batch.drop_column("operator")
    for table in ("person_tag", "price", "spending", "recipient", "broadcast"):
        op.drop_table(table)


def _broadcast() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text_fr", sa.Text(), server_default="", nullable=False),
        sa.Column("text_bm", sa.Text(), server_default="", nullable=False),
        sa.Column("flow", sa.String(64)),
        sa.Column("channel", sa.String(16), server_default="any", nullable=False),
        sa.Column("sender", sa.String(64)),
        sa.Column("template", sa.String(64)),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("sms_fallback", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("budget", sa.BigInteger()),
        sa.Column("created_by", sa.String(128), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("submitted_at", TIME),
        sa.Column("approved_by", sa.String(128)),
        sa.Column("approved_at", TIME),
        sa.Column("starts_at", TIME),
        sa.Column("frozen_at", TIME),
        sa.Column("ended_at", TIME),
        sa.Column("pause_reason", sa.String(32), server_default="", nullable=False),
        sa.Column("expected_people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expected_segments", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expected_centimes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
    )
    op.create_index("ix_broadcast_state", "broadcast", ["state"])


def _recipient() -> None:
    op.create_table(
        "recipient",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("broadcast_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64), server_default="", nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("operator", sa.String(16), server_default="", nullable=False),
        sa.Column("provider", sa.String(32), server_default="", nullable=False),
        sa.Column("segments", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("centimes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outgoing_id", sa.String(32)),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("answered_at", TIME),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name="fk_recipient_broadcast_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recipient"),
        sa.UniqueConstraint("broadcast_id", "person_id", name="uq_recipient_broadcast_id_person_id"),
    )
    op.create_index("ix_recipient_outgoing_id", "recipient", ["outgoing_id"])
    op.create_index(
        "ix_recipient_broadcast_id_status_not_before", "recipient", ["broadcast_id", "status", "not_before"]
    )
    op.create_index("ix_recipient_broadcast_id_id", "recipient", ["broadcast_id", "id"])
    op.create_index("ix_recipient_person_id_changed_at", "recipient", ["person_id", "changed_at"])


def _price() -> None:
    op.create_table(
        "spending",
        sa.Column("broadcast_id", sa.String(32), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("centimes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name="fk_spending_broadcast_id"),
        sa.PrimaryKeyConstraint("broadcast_id", "month", name="pk_spending"),
    )
    op.create_table(
        "price",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("operator", sa.String(16), server_default="", nullable=False),
        sa.Column("provider", sa.String(32), server_default="", nullable=False),
        sa.Column("centimes", sa.Integer(), nullable=False),
        sa.Column("valid_from", TIME, nullable=False),
        sa.Column("set_by", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_price"),
        sa.UniqueConstraint(
            "channel", "operator", "provider", "valid_from", name="uq_price_channel_operator_provider_valid_from"
        ),
    )


def _tag() -> None:
    op.create_table(
        "person_tag",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("tag", sa.String(64), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_person_tag_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("person_id", "tag", name="pk_person_tag"),
    )
    op.create_index("ix_person_tag_tag", "person_tag", ["tag"])
