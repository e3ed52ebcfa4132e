"""Findings can be waived, and whole emails are approved."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_waiver()
    _create_email_review()
    _create_email_approval()


def downgrade() -> None:
    for table in ("email_approval", "email_review", "waiver"):
        op.drop_table(table)


def _create_waiver() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("text", sa.String(64), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("by", sa.String(300), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.Column("revoked_by", sa.String(300), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_waiver"),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_waiver_draft_id_draft"),
    )
    op.create_index("ix_waiver_draft_id", "waiver", ["draft_id"])
    op.create_index("ix_waiver_text", "waiver", ["brand", "text"])


def _create_email_review() -> None:
    op.create_table(
        "email_review",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("brief_id", sa.String(60), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("segment", sa.String(60), nullable=False),
        sa.Column("arm", sa.String(30), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.String(300), nullable=False),
        sa.Column("submitted_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closed_as", sa.String(32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_email_review"),
    )
    op.create_index("ix_email_review_brief", "email_review", ["brand", "brief_id"])
    op.create_index("ix_email_review_due", "email_review", ["closed_at", "due_at"])


def _create_email_approval() -> None:
    op.create_table(
        "email_approval",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("review_id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("by", sa.String(300), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_why", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_email_approval"),
        sa.ForeignKeyConstraint(
            ["review_id"], ["email_review.id"], name="fk_email_approval_review_id_email_review"
        ),
    )
    op.create_index("ix_email_approval_review_id", "email_approval", ["review_id"])
    op.create_index("ix_email_approval_version", "email_approval", ["brand", "version"])
