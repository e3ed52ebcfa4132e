"""Runs, finished slots, drafts, model calls and refused lines."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

VERSIONED = sa.JSON()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _runs()
    _slots()
    _drafts()
    _calls()
    _refusals()


def _runs() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brief_id", sa.String(60), nullable=False),
        sa.Column("brief_hash", sa.String(64), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("hashes", VERSIONED, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_brief_id", "run", ["brief_id"])


def _slots() -> None:
    op.create_table(
        "slot_record",
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("brief_id", sa.String(60), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("segment", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("decision", VERSIONED, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("transient", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_slot_record_run_id_run"),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_slot_record"),
    )
    op.create_index("ix_slot_record_run_id", "slot_record", ["run_id"])
    op.create_index("ix_slot_record_brief_id", "slot_record", ["brief_id"])


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("brief_id", sa.String(60), nullable=False),
        sa.Column("journey", sa.String(60), nullable=False),
        sa.Column("message", sa.String(300), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("segment", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("copy_fields", VERSIONED, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("author", sa.String(300), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("block", sa.String(60), nullable=True),
        sa.Column("image", sa.String(60), nullable=True),
        sa.Column("receipt", VERSIONED, nullable=False),
        sa.Column("confidence", VERSIONED, nullable=True),
        sa.Column("slot_fingerprint", sa.String(64), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["slot_fingerprint"], ["slot_record.fingerprint"], name="fk_draft_slot_fingerprint_slot_record"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
    )
    op.create_index("ix_draft_brief_id", "draft", ["brief_id"])
    op.create_index("ix_draft_slot_fingerprint", "draft", ["slot_fingerprint"])
    op.create_index("ix_draft_place", "draft", ["brand", "kind", "segment", "locale", "state"])
    op.create_index("ix_draft_page", "draft", ["brand", "created_at", "id"])


def _calls() -> None:
    op.create_table(
        "model_call",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("slot_fingerprint", sa.String(64), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("answer_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_model_call_run_id_run"),
        sa.PrimaryKeyConstraint("id", name="pk_model_call"),
    )
    op.create_index("ix_model_call_run_id", "model_call", ["run_id"])
    op.create_index("ix_model_call_slot_fingerprint", "model_call", ["slot_fingerprint"])


def _refusals() -> None:
    op.create_table(
        "refusal",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("slot_fingerprint", sa.String(64), nullable=False),
        sa.Column("copy_fields", VERSIONED, nullable=False),
        sa.Column("findings", VERSIONED, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_refusal_run_id_run"),
        sa.ForeignKeyConstraint(
            ["slot_fingerprint"], ["slot_record.fingerprint"], name="fk_refusal_slot_fingerprint_slot_record"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_refusal"),
    )
    op.create_index("ix_refusal_run_id", "refusal", ["run_id"])
    op.create_index("ix_refusal_slot_fingerprint", "refusal", ["slot_fingerprint"])


def downgrade() -> None:
    for table in ("refusal", "model_call", "draft", "slot_record", "run"):
        op.drop_table(table)
