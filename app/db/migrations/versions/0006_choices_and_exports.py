"""What people chose for each slot, and what was exported, are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chosen_slot",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("brief_id", sa.String(60), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("segment", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("test", sa.String(60), nullable=False),
        sa.Column("arms", sa.JSON(), nullable=False),
        sa.Column("chosen_by", sa.String(300), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chosen_slot"),
    )
    op.create_index("ix_chosen_slot_place", "chosen_slot", ["brand", "brief_id"])
    op.create_table(
        "export",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("brief_id", sa.String(60), nullable=False),
        sa.Column("brief_revision", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("arm", sa.String(30), nullable=False),
        sa.Column("account", sa.String(60), nullable=False),
        sa.Column("platform", sa.String(60), nullable=False),
        sa.Column("content_version", sa.String(64), nullable=False),
        sa.Column("template_hash", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("exported_by", sa.String(300), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("do_not_send_after", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_export"),
    )
    op.create_index("ix_export_brief", "export", ["brand", "brief_id"])


def downgrade() -> None:
    op.drop_table("export")
    op.drop_table("chosen_slot")
