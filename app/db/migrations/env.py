"""Alembic's entry: runs the migrations on the connection that app.db.engine hands over."""

from alembic import context

from app.db.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
