"""Keep staff, their sessions and the chain over the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    _staff()
    _sessions()
    _chain()


def downgrade() -> None:
    """Undo the change."""
    for table in ("audit_link", "sign_in_failure", "staff_session", "recovery_code", "staff"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_link_only_grows")


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("partner", sa.String(64)),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("sex", sa.String(8)),
        sa.Column("phone", sa.LargeBinary()),
        sa.Column("phone_hash", sa.String(64)),
        sa.Column("phone_confirmed_at", TIME),
        sa.Column("pin_hash", sa.String(255)),
        sa.Column("pin_failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("email", sa.LargeBinary()),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("totp", sa.LargeBinary()),
        sa.Column("totp_confirmed_at", TIME),
        sa.Column("totp_step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
        sa.UniqueConstraint("phone_hash", name="uq_staff_phone_hash"),
    )


def _sessions() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_recovery_code_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "hash", name="pk_recovery_code"),
    )
    op.create_table(
        "staff_session",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("agent", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_session_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_session"),
        sa.UniqueConstraint("hash", name="uq_staff_session_hash"),
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id"])
    op.create_table(
        "sign_in_failure",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_sign_in_failure"),
    )
    op.create_index("ix_sign_in_failure_last_at", "sign_in_failure", ["last_at"])


def _chain() -> None:
    op.create_table(
        "audit_link",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_link"),
        sa.UniqueConstraint("first_id", name="uq_audit_link_first_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """CREATE FUNCTION audit_link_only_grows() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'The chain over the audit trail only grows.'; END $$"""
        )
        op.execute(
            """CREATE TRIGGER audit_link_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
            FOR EACH STATEMENT EXECUTE FUNCTION audit_link_only_grows()"""
        )
        return
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER audit_link_no_{verb} BEFORE {verb.upper()} ON audit_link "
            "BEGIN SELECT RAISE(ABORT, 'The chain over the audit trail only grows.'); END"
        )
