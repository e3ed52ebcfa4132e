"""People sign in to the pages."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Its tables follow."""


def downgrade() -> None:
    """Nothing to undo."""
