"""Which schema a database has, and which one this code needs."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.adapters.sql.engine import Database
from bot.ports import StorageAway

HEAD = "0017"  # the newest revision; a test compares it with the migrations folder


def current(database: Database) -> str | None:
    """Return the database's revision, or None before the first migration. Raises StorageAway."""
    with database.reading() as connection:
        try:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except DBAPIError as error:
            if "alembic_version" in str(error.orig):  # the table is not there: nothing was ever laid
                return None
            raise
    return None if found is None else str(found)


def is_ready(database: Database) -> bool:
    """Say whether the database answers and has the current schema."""
    try:
        return current(database) == HEAD
    except StorageAway:
        return False
