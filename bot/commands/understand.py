"""`segin understand`: what the assistant makes of texts, one a line."""

import sys

import click

from bot.commands._lines import as_line, speak_utf8


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def understand(*, as_json: bool) -> None:
    """Read one text a line and print what is understood."""
    from bot.adapters.understanding_files import default_understanding
    from bot.understanding.describe import describe

    speak_utf8()
    ears = default_understanding()
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        said = describe(text, ears.read(text), ears)
        if as_json:
            sys.stdout.write(as_line(said) + "\n")
        else:
            sys.stdout.write(f"{said['outcome']:21} {said['language']:6} {', '.join(said['intents']):50} {text}\n")
        sys.stdout.flush()
