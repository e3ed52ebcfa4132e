"""Drafts go through review: who has to approve, by when, and what was said."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Its tables follow."""


def downgrade() -> None:
    """Nothing to undo."""
