"""Give cases deadlines, outcomes, referrals and what is held while a person writes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TIMES = ("due_at", "first_due_at", "first_answer_at", "taken_at", "alerted_at", "asked_partner_at", "changed_at")


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("case_") as batch:
        batch.add_column(sa.Column("holder", sa.String(128), server_default="", nullable=False))
        for name in _TIMES:
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("waits_until", sa.Date()))
        batch.add_column(sa.Column("referred_to", sa.String(64)))
        batch.add_column(sa.Column("outcome", sa.String(32), server_default="", nullable=False))
        batch.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_case__person_id_opened_at", "case_", ["person_id", "opened_at"])
    op.execute("UPDATE case_ SET holder = taken_by WHERE taken_by IS NOT NULL")
    op.execute("UPDATE case_ SET version = (SELECT count(*) FROM case_event WHERE case_event.case_id = case_.id)")


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_case__person_id_opened_at", "case_")
    with op.batch_alter_table("case_") as batch:
        for name in (*_TIMES, "holder", "waits_until", "referred_to", "outcome", "version"):
            batch.drop_column(name)
