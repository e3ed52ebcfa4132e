"""What is to be told to people and to other services, until it was told."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Its tables follow."""


def downgrade() -> None:
    """Nothing to undo."""
