"""`segin db`: the database's schema."""

import os

import click

from bot.config import read_settings


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the schema of this version; `segin run` does it by itself."""
    from bot.bootstrap import prepare_data

    prepare_data(read_settings(os.environ))
    click.echo("The database has the current schema.")
