"""Let the month's spending hold what check-ins cost, which belongs to no broadcast."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("spending") as spending:
        spending.drop_constraint("fk_spending_broadcast_id", type_="foreignkey")


def downgrade() -> None:
    """Undo the change; what check-ins have cost is forgotten."""
    op.execute("DELETE FROM spending WHERE broadcast_id = 'check_ins'")
    with op.batch_alter_table("spending") as spending:
        spending.create_foreign_key("fk_spending_broadcast_id", "broadcast", ["broadcast_id"], ["id"])
