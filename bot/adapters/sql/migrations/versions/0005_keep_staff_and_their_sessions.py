"""Keep staff, their sessions and the chain over the audit trail."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the change."""


def downgrade() -> None:
    """Undo the change."""
