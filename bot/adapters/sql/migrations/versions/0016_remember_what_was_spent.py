"""Remember for a day, by hash, what was sent to a number whose person was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "spent_before",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_spent_before"),
    )
    op.create_index("ix_spent_before_at", "spent_before", ["at"])
    op.create_index("ix_spent_before_address_hash_at", "spent_before", ["address_hash", "at"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("spent_before")
