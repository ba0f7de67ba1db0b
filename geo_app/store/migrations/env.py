"""
Run migrations on the connection that `geo_app.store.engines` hands over.

There is no way down: who goes back to an older program restores a backup.
"""

from alembic import context

from geo_app.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can undo changes of tables too: half a migration never stays
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
