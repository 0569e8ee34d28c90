"""Keep messages that were not understood."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "unmatched",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.String(64)),
        sa.Column("danger", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("labelled_by", sa.String(128)),
        sa.Column("labelled_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_unmatched_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unmatched"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unmatched_person_id", "unmatched", ["person_id"])
    op.create_index("ix_unmatched_kept_at", "unmatched", ["kept_at"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("unmatched")
