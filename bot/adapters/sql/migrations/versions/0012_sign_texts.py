"""Keep what reviewers say of the sentences."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the change."""


def downgrade() -> None:
    """Undo the change."""
