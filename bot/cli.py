"""`segin …`: finds the command in bot/commands and says refusals in one sentence."""

import importlib
import pkgutil
import sys
from collections.abc import Sequence

import click

from bot import commands
from bot.config import ConfigError
from bot.ports import StorageAway


class Commands(click.Group):
    """One command a module of bot.commands, imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands it in
        """Return the names of the modules."""
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if module.name[0] != "_")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command that its module defines under the module's own name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"bot.commands.{cmd_name}")
        found = (value for value in vars(module).values() if isinstance(value, click.Command))
        return next((command for command in found if command.name == cmd_name), None)


@click.command(cls=Commands, name="segin", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="segin")
def segin() -> None:
    """Segin: an SMS and WhatsApp assistant for Malians who have come home."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; exit status 0 done, 1 the check found something, 2 wrong usage or configuration."""
    try:
        segin.main(args=arguments, prog_name="segin")
    except (ConfigError, StorageAway) as error:
        click.echo(f"segin: {error}", err=True)
        sys.exit(2)
