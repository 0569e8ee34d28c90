"""`segin chat`: a conversation on standard input, one message a line, against the real engine and store."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands._lines import as_line, speak_utf8

if TYPE_CHECKING:
    from bot.simulator import Phone, ShiftedClock

HINT = 'Write as a returnee would. An empty line is an empty message, "/later 7 days" lets time pass, Ctrl-D ends.'


@click.command()
@click.option("--channel", type=click.Choice(["sms", "whatsapp"]), default="sms", show_default=True)
@click.option("--from", "number", default="+22376000001", show_default=True, help="The number that writes.")
@click.option("--lang", type=click.Choice(["fr", "bm"]), help="Start as somebody who has chosen this language.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each message.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="Keep the conversation there; else it is thrown away."
)
def chat(channel: str, number: str, lang: str | None, as_json: bool, data_dir: Path | None) -> None:  # noqa: FBT001
    """Talk to the assistant: one message a line, until the end of input."""
    speak_utf8()
    with _phone(data_dir, channel, number) as (phone, clock):
        if sys.stdin.isatty() and not as_json:
            click.echo(HINT)
        if lang:
            phone.write({"fr": "francais", "bm": "bamanankan"}[lang])
        for line in _lines():
            for told in _exchange(phone, clock, line):
                click.echo(as_line(told) if as_json else _plain(told))


@contextmanager
def _phone(data_dir: Path | None, channel: str, number: str) -> "Iterator[tuple[Phone, ShiftedClock]]":
    from bot.bootstrap import talking
    from bot.simulator import Phone, ShiftedClock

    with tempfile.TemporaryDirectory(prefix="segin-") as thrown_away:
        brain, ports = talking(data_dir or Path(thrown_away))
        clock = ShiftedClock(ports.clock)
        yield Phone(brain, ports.with_clock(clock), "whatsapp" if channel == "whatsapp" else "sms", number), clock


def _lines() -> Iterator[str]:
    while line := _read():
        yield line.rstrip("\r\n")


def _read() -> str:
    if sys.stdin.isatty():
        click.echo("> ", nl=False)
    return sys.stdin.readline()


def _exchange(phone: "Phone", clock: "ShiftedClock", line: str) -> "list[dict[str, Any]]":
    from bot.simulator import account

    passed = read_duration(line.removeprefix("/later ")) if line.startswith("/later ") else None
    if passed is None:
        return [account(line, phone.write(line))]
    clock.shift += passed
    sent = [{"text": row.text, "encoding": row.encoding, "segments": row.segments} for row in phone.reminders()]
    return [{"in": line, "out": sent, "flow": None, "step": None, "language": None, "effects": []}]


def read_duration(text: str) -> timedelta | None:
    """Read "7 days", "3 hours" or "20 minutes"; None for anything else, which is a message like any other."""
    number, _, unit = text.strip().partition(" ")
    name = unit.rstrip("s") + "s"
    if not (number.isdecimal() and len(number) < 4 and name in ("minutes", "hours", "days", "weeks")):  # noqa: PLR2004
        return None
    return timedelta(**{name: int(number)})


def _plain(told: "dict[str, Any]") -> str:
    lines = []
    for out in told["out"]:
        lines += [f"  {line}" for line in out["text"].splitlines()]
        lines.append(click.style(f"  [{out['encoding']}, {out['segments']} SMS, {len(out['text'])} letters]", dim=True))
    lines += [click.style(f"  ({_short(effect)})", fg="yellow") for effect in told["effects"]]
    return "\n".join(lines) or click.style("  (nothing is said)", dim=True)


def _short(effect: "dict[str, Any]") -> str:
    return " ".join(str(effect[name]) for name in ("type", "priority", "kind", "flow", "scope") if effect.get(name))
