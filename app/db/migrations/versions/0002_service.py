"""People, keys, kept answers, briefs, published content, stored bytes; revisions of drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

VERSIONED = sa.JSON()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _drafts()
    _people()
    _kept_answers()
    _briefs()
    _content()


def _drafts() -> None:
    with op.batch_alter_table("run") as run:
        run.add_column(sa.Column("requested_by", sa.String(300), nullable=False, server_default=""))
    with op.batch_alter_table("draft") as draft:
        draft.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        draft.add_column(sa.Column("parent_id", sa.String(32), nullable=True))
        draft.add_column(sa.Column("note", sa.String(500), nullable=False, server_default=""))
        draft.add_column(sa.Column("requested_by", sa.String(300), nullable=False, server_default=""))
        draft.add_column(sa.Column("updated_at", MOMENT, nullable=True))
    op.execute("UPDATE draft SET updated_at = created_at")
    with op.batch_alter_table("draft") as draft:
        draft.alter_column("updated_at", existing_type=MOMENT, nullable=False)
        for name in ("revision", "note", "requested_by"):
            draft.alter_column(name, server_default=None)
        draft.create_index("ix_draft_parent_id", ["parent_id"])
    with op.batch_alter_table("run") as run:
        run.alter_column("requested_by", server_default=None)


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(300), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("email", name="uq_person_email"),
    )
    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_role_grant_person_id_person"),
        sa.PrimaryKeyConstraint("person_id", "brand", "role", name="pk_role_grant"),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("scopes", VERSIONED, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_api_key_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
    )
    op.create_index("ix_api_key_person_id", "api_key", ["person_id"])


def _kept_answers() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("idempotency_key", sa.String(255), nullable=False),
        sa.Column("operation", sa.String(300), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", VERSIONED, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_kept_answer_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_answer"),
        sa.UniqueConstraint("person_id", "idempotency_key", name="uq_kept_answer_person_id_idempotency_key"),
    )
    op.create_index("ix_kept_answer_created_at", "kept_answer", ["created_at"])


def _briefs() -> None:
    op.create_table(
        "brief",
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("owner", sa.String(300), nullable=False),
        sa.Column("journey", sa.String(60), nullable=False),
        sa.Column("send_at", MOMENT, nullable=False),
        sa.Column("content", VERSIONED, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("brand", "id", name="pk_brief"),
    )
    op.create_index("ix_brief_page", "brief", ["brand", "updated_at", "id"])
    op.create_table(
        "brief_revision",
        sa.Column("brand", sa.String(60), nullable=False),
        sa.Column("brief_id", sa.String(60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(300), nullable=False),
        sa.Column("change", sa.String(300), nullable=False),
        sa.Column("content", VERSIONED, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("brand", "brief_id", "revision", name="pk_brief_revision"),
    )


def _content() -> None:
    op.create_table(
        "blob",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_blob"),
    )
    op.create_index("ix_blob_age", "blob", ["kind", "used_at"])
    op.create_table(
        "content_version",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("manifest", VERSIONED, nullable=False),
        sa.Column("author", sa.String(300), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_content_version"),
    )
    op.create_table(
        "serving_move",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=True),
        sa.Column("moved_by", sa.String(300), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["content_version.hash"], name="fk_serving_move_version_content_version"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_serving_move"),
    )


def downgrade() -> None:
    for table in (
        "serving_move",
        "content_version",
        "blob",
        "brief_revision",
        "brief",
        "kept_answer",
        "api_key",
        "role_grant",
        "person",
    ):
        op.drop_table(table)
    with op.batch_alter_table("draft") as draft:
        draft.drop_index("ix_draft_parent_id")
        for name in ("updated_at", "requested_by", "note", "parent_id", "revision"):
            draft.drop_column(name)
    with op.batch_alter_table("run") as run:
        run.drop_column("requested_by")
