"""What people propose for the rules and the voice, and ways to the rows of a week."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """The table of proposals, and indexes by which the weekly review finds its rows."""
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("sort", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("decided_by", sa.String(300), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint("brand", "sort", "key", name="uq_proposal_brand_sort_key"),
    )
    op.create_index("ix_run_week", "run", ["brand", "started_at"])
    op.create_index("ix_slot_record_week", "slot_record", ["brand", "created_at"])
    op.create_index("ix_draft_edited", "draft", ["brand", "origin", "updated_at"])


def downgrade() -> None:
    """Take them away."""
    for name, table in (
        ("ix_draft_edited", "draft"),
        ("ix_slot_record_week", "slot_record"),
        ("ix_run_week", "run"),
    ):
        op.drop_index(name, table_name=table)
    op.drop_table("proposal")
