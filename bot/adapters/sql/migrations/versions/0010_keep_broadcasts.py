"""Keep broadcasts, their recipients, prices and templates."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the change."""


def downgrade() -> None:
    """Undo the change."""
