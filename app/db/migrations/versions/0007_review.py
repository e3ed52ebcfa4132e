"""Drafts go through review: who has to approve, by when, and what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("draft") as batch:
        batch.add_column(sa.Column("tier", sa.String(32), nullable=True))
    _create_review()
    _create_review_note()
    _create_block_approval()


def downgrade() -> None:
    op.drop_table("block_approval")
    op.drop_table("review_note")
    op.drop_table("review")
    with op.batch_alter_table("draft") as batch:
        batch.drop_column("tier")


def _create_review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("brief_id", sa.String(60), nullable=False),
        sa.Column("journey", sa.String(60), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("segment", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("harm", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.String(300), nullable=False),
        sa.Column("submitted_at", _MOMENT, nullable=False),
        sa.Column("send_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("latest_at", _MOMENT, nullable=False),
        sa.Column("held_since", _MOMENT, nullable=True),
        sa.Column("held_seconds", sa.Float(), nullable=False),
        sa.Column("assignee", sa.String(300), nullable=True),
        sa.Column("reminded_at", _MOMENT, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closed_as", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_review_draft_id_draft"),
    )
    op.create_index("ix_review_draft_id", "review", ["draft_id"])
    op.create_index("ix_review_queue", "review", ["brand", "closed_at", "harm", "id"])
    op.create_index("ix_review_due", "review", ["closed_at", "due_at"])


def _create_review_note() -> None:
    op.create_table(
        "review_note",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("sort", sa.String(32), nullable=False),
        sa.Column("by", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked", sa.String(300), nullable=True),
        sa.Column("answers", sa.String(32), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_note"),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_review_note_draft_id_draft"),
    )
    op.create_index("ix_review_note_draft_id", "review_note", ["draft_id"])


def _create_block_approval() -> None:
    op.create_table(
        "block_approval",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("block_id", sa.String(60), nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        sa.Column("by", sa.String(300), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_block_approval"),
    )
    op.create_index("ix_block_approval_brand", "block_approval", ["brand", "block_id"])
