"""Keep check-ins that are planned, and answers by question."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_MARKS = ("asked_at", "reminded_at", "answered_at", "finished_at")
_FLAGS = ("minor", "guardian", "unreachable")


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("sex", sa.String(1)))
        for name in _FLAGS:
            table.add_column(sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False))
        table.add_column(sa.Column("consent_source", sa.String(64)))
        table.add_column(sa.Column("consent_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("planned_by", sa.String(64)))
    op.create_index("ix_person_consent_planned_by_id", "person", ["consent", "planned_by", "id"])
    _check_in()
    _answer()


def _check_in() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32)),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("step", sa.String(64), nullable=False),
        sa.Column("flow", sa.String(64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), server_default="", nullable=False),
        sa.Column("outgoing_id", sa.String(32)),
        *(
            sa.Column(f"{name}_at", sa.DateTime(timezone=True))
            for name in ("asked", "reminded", "answered", "finished")
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_check_in_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_check_in"),
        sa.UniqueConstraint("person_id", "plan", "step", name="uq_check_in_person_id_plan_step"),
    )
    op.create_index("ix_check_in_outgoing_id", "check_in", ["outgoing_id"])
    op.create_index("ix_check_in_next_at", "check_in", ["next_at"])


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(32)),
        sa.Column("source_kind", sa.String(16), nullable=False),
        sa.Column("source_id", sa.String(32), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("value", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region", sa.String(64)),
        sa.Column("trade", sa.String(64)),
        sa.Column("sex", sa.String(1)),
        sa.Column("language", sa.String(8)),
        sa.Column("months_since_return", sa.SmallInteger()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_answer_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        sa.UniqueConstraint("source_kind", "source_id", "question", name="uq_answer_source_kind_source_id_question"),
    )
    op.create_index("ix_answer_question_at", "answer", ["question", "at"])
    op.create_index("ix_answer_person_id", "answer", ["person_id"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("answer")
    op.drop_table("check_in")
    op.drop_index("ix_person_consent_planned_by_id", table_name="person")
    with op.batch_alter_table("person") as table:
        for name in ("planned_by", "consent_at", "consent_source", *_FLAGS, "sex"):
            table.drop_column(name)
