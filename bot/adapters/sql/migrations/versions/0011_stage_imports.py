"""Keep tags, and the rows of an import until they are let in."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the change."""


def downgrade() -> None:
    """Undo the change."""
