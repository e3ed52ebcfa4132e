"""What people do is kept in a chain of records."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Its tables follow."""


def downgrade() -> None:
    """Nothing to undo."""
