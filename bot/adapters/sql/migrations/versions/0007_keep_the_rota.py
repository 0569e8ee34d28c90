"""Keep who is on duty and how far an alert has climbed."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the change."""


def downgrade() -> None:
    """Undo the change."""
