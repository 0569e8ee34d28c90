"""Note since when a recipient of a broadcast has had to wait: for so long they are waited for, not the broadcast."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the change."""
    op.add_column("recipient", sa.Column("held_since", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Undo the change."""
    op.drop_column("recipient", "held_since")
