"""What served before people approved blocks is known by its content."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spared_blocks",
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("brand", name="pk_spared_blocks"),
    )


def downgrade() -> None:
    op.drop_table("spared_blocks")
