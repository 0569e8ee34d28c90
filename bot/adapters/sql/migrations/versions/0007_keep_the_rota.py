"""Keep who is on duty and how far an alert has climbed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    _rota()
    _alerts()


def downgrade() -> None:
    """Undo the change."""
    for table in ("phone_case", "escalation", "duty_pause", "duty_shift"):
        op.drop_table(table)


def _rota() -> None:
    op.create_table(
        "duty_shift",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_duty_shift_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duty_shift"),
    )
    op.create_index("ix_duty_shift_ends_at", "duty_shift", ["ends_at"])
    op.create_table(
        "duty_pause",
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_duty_pause_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_duty_pause"),
    )


def _alerts() -> None:
    op.create_table(
        "escalation",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("alerted", sa.JSON(), nullable=False),
        sa.Column("next_at", TIME),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_.id"], name="fk_escalation_case_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_escalation"),
    )
    op.create_index("ix_escalation_next_at", "escalation", ["next_at"])
    op.create_table(
        "phone_case",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("told_event", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_.id"], name="fk_phone_case_case_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_phone_case_staff_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_phone_case"),
    )
