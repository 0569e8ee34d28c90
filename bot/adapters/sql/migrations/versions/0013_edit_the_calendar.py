"""Keep changes of the calendar, the sender of a message, and how far a broadcast's recipients are written down."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "calendar_edit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_edit"),
    )
    op.add_column("outgoing", sa.Column("sender", sa.String(64)))
    op.add_column("broadcast", sa.Column("prepared_to", sa.String(32)))


def downgrade() -> None:
    """Undo the change."""
    op.drop_column("broadcast", "prepared_to")
    op.drop_column("outgoing", "sender")
    op.drop_table("calendar_edit")
