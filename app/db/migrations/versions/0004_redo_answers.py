"""Answers that are a draft written anew are told from the slot's own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("slot_record") as record:
        record.add_column(sa.Column("redo_of", sa.String(32), nullable=True))
