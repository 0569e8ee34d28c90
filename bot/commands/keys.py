"""`segin keys`: make keys, seal again under the newest one, change the key of the look-up hashes."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.config import ConfigError, Settings, read_settings

if TYPE_CHECKING:
    from bot.adapters.crypto import Vault
    from bot.adapters.sql.engine import Database


@click.group()
def keys() -> None:
    """Look after the encryption keys."""


@keys.command()
def new() -> None:
    """Print a new key, to be put before the older ones in SEGIN_SECRET_KEYS or SEGIN_INDEX_KEY."""
    from bot.adapters.keys import fresh

    click.echo(fresh())


@keys.command()
def add() -> None:
    """Put a new key before the older ones in the data folder; then restart the service, then `segin keys rotate`."""
    from bot.adapters.keys import SECRETS_FILE

    settings = read_settings(os.environ)
    _add(settings.data_dir / SECRETS_FILE, "SEGIN_SECRET_KEYS", given=settings.secret_keys)
    click.echo("A new key was added. Restart the service, so that every process has it, then run `segin keys rotate`.")


@keys.command()
def rotate() -> None:
    """Seal everything again under the newest key; people can go on writing meanwhile.

    Afterwards the older keys are needed for old backups only.
    """
    from bot.adapters.sql.rotation import reseal

    database, vault = _opened(read_settings(os.environ))
    click.echo(f"{reseal(database, vault)} texts were sealed again under the newest key.")


@keys.command()
@click.option("--new-key", is_flag=True, help="First put a new key into the data folder's index.key.")
def reindex(*, new_key: bool) -> None:
    """Make the look-up hashes anew under the newest index key. Stop the service before.

    Keep the older index keys in the setting: a refusal of an erased person is proved under them.
    """
    from bot.adapters.keys import INDEX_FILE
    from bot.adapters.sql.rotation import rehash

    settings = read_settings(os.environ)
    if new_key:
        _add(settings.data_dir / INDEX_FILE, "SEGIN_INDEX_KEY", given=settings.index_key)
    database, vault = _opened(settings)
    click.echo(f"{rehash(database, vault)} addresses were hashed again under the newest index key.")


@keys.command()
def check() -> None:
    """Say whether the keys at hand fit the database; exit status 1 when they do not."""
    from bot.adapters.crypto import WrongKey
    from bot.adapters.sql.rotation import check_keys

    try:
        check_keys(*_opened(read_settings(os.environ)))
    except WrongKey as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
    click.echo("The keys fit the database.")


def _add(path: Path, name: str, *, given: str | None) -> None:
    from bot.adapters.keys import add_newest

    if given:
        raise ConfigError(f"{name} is set: put a new key (`segin keys new`) before the older ones there.")
    add_newest(path)


def _opened(settings: Settings) -> "tuple[Database, Vault]":
    from bot.adapters.crypto import Vault
    from bot.adapters.keys import BadKeys, load_or_create
    from bot.adapters.sql.engine import Database
    from bot.adapters.sql.schema import upgrade

    upgrade(settings.database_url)
    try:
        found = load_or_create(settings.data_dir, settings.secret_keys, settings.index_key)
    except BadKeys as error:
        raise ConfigError(str(error)) from error
    return Database(settings.database_url), Vault(found)
