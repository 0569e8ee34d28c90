"""Keep calls, voice notes and legal holds."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the change."""


def downgrade() -> None:
    """Undo the change."""
