"""Keep who has written a broadcast since it was approved last: none of them approves it."""

from alembic import op
from sqlalchemy import JSON, Column, text

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the change; of those that are on their way the last author is known."""
    op.add_column("broadcast", Column("writers", JSON, nullable=False, server_default=text("'[]'")))


def downgrade() -> None:
    """Undo the change."""
    with op.batch_alter_table("broadcast") as broadcast:
        broadcast.drop_column("writers")
