"""Run migrations on the connection that `schema.upgrade` hands over, within its transaction."""

from alembic import context

from bot.adapters.sql.schema import OPTIONS
from bot.adapters.sql.sealed import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, **OPTIONS)
context.run_migrations()
