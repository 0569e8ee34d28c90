"""Say why a fact was changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("fact_edit") as table:
        table.add_column(sa.Column("why", sa.String(255), nullable=False, server_default=""))


def downgrade() -> None:
    """Undo the change."""
    with op.batch_alter_table("fact_edit") as table:
        table.drop_column("why")
