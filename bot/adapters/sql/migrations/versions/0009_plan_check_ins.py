"""Keep check-ins that are planned, and answers by question."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the change."""


def downgrade() -> None:
    """Undo the change."""
