"""Lay the tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# The audit trail only grows.
_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{verb} BEFORE {verb.upper()} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'The audit trail only grows.'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        """CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'The audit trail only grows.'; END $$""",
        """CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()""",
    ],
}


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    _person()
    _address()
    _contact_item()
    _conversation()
    _reminder()
    _search_key()
    _incoming()
    _outgoing()
    _case()
    _case_event()
    _proofs()


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("region", sa.String(64)),
        sa.Column("trade", sa.String(64)),
        sa.Column("origin", sa.String(8)),
        sa.Column("return_month", sa.String(7)),
        sa.Column("consent", sa.String(16), server_default="none", nullable=False),
        sa.Column("opt_out", sa.String(16), server_default="none", nullable=False),
        sa.Column("discreet", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("do_not_call", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("first_seen", _time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )


def _address() -> None:
    op.create_table(
        "address",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_address_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("hash", "channel", name="pk_address"),
    )
    op.create_index("ix_address_person_id", "address", ["person_id"])


def _contact_item() -> None:
    op.create_table(
        "contact_item",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_contact_item_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("person_id", "name", name="pk_contact_item"),
    )


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_conversation_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_conversation"),
    )


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("flow", sa.String(64), nullable=False),
        sa.Column("due_at", _time(), nullable=False),
        sa.Column("slots", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_reminder_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("person_id", "flow", name="uq_reminder_person_id_flow"),
    )
    op.create_index("ix_reminder_due_at", "reminder", ["due_at"])


def _search_key() -> None:
    op.create_table(
        "search_key",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_search_key_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("person_id", "source", "hash", name="pk_search_key"),
    )
    op.create_index("ix_search_key_hash", "search_key", ["hash"])


def _incoming() -> None:
    op.create_table(
        "incoming",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("provider_id", sa.String(128), nullable=False),
        sa.Column("person_id", sa.String(32)),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("recipient", sa.String(128), nullable=False),
        sa.Column("content", sa.String(16), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("text_hash", sa.String(64)),
        sa.Column("received_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_incoming_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incoming"),
        sa.UniqueConstraint("provider", "provider_id", name="uq_incoming_provider_provider_id"),
    )
    op.create_index("ix_incoming_person_id_received_at", "incoming", ["person_id", "received_at"])


def _outgoing() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32)),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("recipient", sa.LargeBinary()),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("route", sa.String(16), nullable=False),
        sa.Column("text", sa.LargeBinary()),
        sa.Column("response", sa.String(255), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("encoding", sa.String(16), nullable=False),
        sa.Column("segments", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("in_reply_to", sa.String(32)),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("not_before", _time()),
        sa.Column("lease_until", _time()),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("provider_id", sa.String(128)),
        sa.Column("error_code", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_outgoing_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing"),
    )
    op.create_index("ix_outgoing_case_id", "outgoing", ["case_id"])
    op.create_index("ix_outgoing_in_reply_to", "outgoing", ["in_reply_to"])
    op.create_index("ix_outgoing_person_id_created_at", "outgoing", ["person_id", "created_at"])
    op.create_index("ix_outgoing_provider_id", "outgoing", ["provider_id"])
    op.create_index(
        "ix_outgoing_status_priority_created_at_position", "outgoing", ["status", "priority", "created_at", "position"]
    )


def _case() -> None:
    op.create_table(
        "case_",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("person_id", sa.String(32)),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("priority", sa.String(2), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("opened_at", _time(), nullable=False),
        sa.Column("taken_by", sa.String(128)),
        sa.Column("closed_at", _time()),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("note", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_case__person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_"),
        sa.UniqueConstraint("reference", name="uq_case__reference"),
    )
    op.create_index("ix_case__status_priority_opened_at", "case_", ["status", "priority", "opened_at"])
    op.create_index(
        "uq_case__open",
        "case_",
        ["person_id", "kind"],
        unique=True,
        sqlite_where=sa.text("status != 'closed'"),
        postgresql_where=sa.text("status != 'closed'"),
    )


def _case_event() -> None:
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("text", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_.id"], name="fk_case_event_case_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
    )
    op.create_index("ix_case_event_case_id", "case_event", ["case_id"])


def _proofs() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("object_id", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_object_id", "audit", ["object_id"])
    op.create_table(
        "erasure_receipt",
        sa.Column("receipt_hash", sa.String(64), nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.PrimaryKeyConstraint("receipt_hash", name="pk_erasure_receipt"),
    )
    op.create_table(
        "key_check",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_key_check"),
    )
    op.create_table(
        "opt_out_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("word_hash", sa.String(64), nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opt_out_proof"),
    )
    op.create_index("ix_opt_out_proof_address_hash_id", "opt_out_proof", ["address_hash", "id"])
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("case_event")
    op.drop_table("search_key")
    op.drop_table("reminder")
    op.drop_table("outgoing")
    op.drop_table("incoming")
    op.drop_table("conversation")
    op.drop_table("contact_item")
    op.drop_table("case_")
    op.drop_table("address")
    op.drop_table("person")
    op.drop_table("opt_out_proof")
    op.drop_table("key_check")
    op.drop_table("erasure_receipt")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_only_grows")
