"""People sign in to the pages."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("signed_in_by", sa.String(32), nullable=False),
        sa.Column("device", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_in_session_person_id_person"),
    )
    op.create_index("ix_sign_in_session_person_id", "sign_in_session", ["person_id"])
    op.create_index("ix_sign_in_session_expires_at", "sign_in_session", ["expires_at"])
    op.create_table(
        "password",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(300), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_password"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_password_person_id_person"),
    )
    op.create_table(
        "password_link",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_password_link"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_password_link_person_id_person"),
    )
    op.create_index("ix_password_link_person_id", "password_link", ["person_id"])
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failure"),
    )
    op.create_index("ix_sign_in_failure_last_at", "sign_in_failure", ["last_at"])
    _outside()


def _outside() -> None:
    op.create_table(
        "outside_identity",
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_outside_identity"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_outside_identity_person_id_person"),
    )
    op.create_index("ix_outside_identity_person_id", "outside_identity", ["person_id"])
    op.create_table(
        "outside_sign_in",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("next_path", sa.String(500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outside_sign_in"),
    )
    op.create_index("ix_outside_sign_in_created_at", "outside_sign_in", ["created_at"])


def downgrade() -> None:
    for table in (
        "outside_sign_in",
        "outside_identity",
        "sign_in_failure",
        "password_link",
        "password",
        "sign_in_session",
    ):
        op.drop_table(table)
