"""Keep the rows of an import until they are let in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the change."""
    _imports()
    op.create_table(
        "import_piece",
        sa.Column("import_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["contact_import.id"], name="fk_import_piece_import_id"),
        sa.PrimaryKeyConstraint("import_id", "position", name="pk_import_piece"),
    )
    _rows()


def _imports() -> None:
    op.create_table(
        "contact_import",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_by", sa.String(128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("titles", sa.LargeBinary(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("consent_source", sa.String(64), server_default="", nullable=False),
        sa.Column("tag", sa.String(64), server_default="", nullable=False),
        sa.Column("all_or_nothing", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("merge", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("lines", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_line", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failure", sa.String(255), server_default="", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_contact_import"),
    )
    op.create_index("ix_contact_import_state_created_at", "contact_import", ["state", "created_at"])


def _rows() -> None:
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.String(32), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("number_hash", sa.String(64)),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("problems", sa.JSON()),
        sa.Column("person_id", sa.String(32)),
        sa.ForeignKeyConstraint(["import_id"], ["contact_import.id"], name="fk_import_row_import_id"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_import_row_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name="pk_import_row"),
    )
    op.create_index("ix_import_row_person_id", "import_row", ["person_id"])
    op.create_index("ix_import_row_import_id_number_hash", "import_row", ["import_id", "number_hash"])
    op.create_index("ix_import_row_import_id_status_line", "import_row", ["import_id", "status", "line"])


def downgrade() -> None:
    """Undo the change."""
    for name in ("import_row", "import_piece", "contact_import"):
        op.drop_table(name)
