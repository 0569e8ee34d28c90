"""Bring a database to the current schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bot.adapters.sql.engine import Database
from bot.adapters.sql.line import AWAY
from bot.ports import StorageAway

MIGRATIONS = Path(__file__).parent / "migrations"
# Batch mode, because SQLite alters no columns.
OPTIONS = {"render_as_batch": True, "compare_type": True}
_LOCK = 7_346_001  # PostgreSQL's advisory lock of our migrations; any number that nobody else uses


def upgrade(url: str, revision: str = "head") -> None:
    """Apply the missing migrations in one transaction; of two processes that start at once one waits for the other.

    Raises StorageAway.
    """
    database = Database(url)
    if database.is_sqlite and database.url.database:
        _make_file(Path(database.url.database))
    with database.writing() as connection:
        connection.begin()  # tells Alembic that the transaction is ours to end; in autocommit nothing is sent
        if not database.is_sqlite:  # SQLite's writers queue anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
    database.close()


def _make_file(path: Path) -> None:
    """Make an empty database that only this user can read; SQLite gives its other files the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError as error:
        raise StorageAway(AWAY) from error


def config() -> Config:
    """Return Alembic's settings without any file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings
