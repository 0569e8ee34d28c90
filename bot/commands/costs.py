"""`segin costs`: every message that can be sent, at its longest, in every language and channel."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from bot.channels import printed
from bot.core import alerts, staff_texts
from bot.core.checks_budgets import costs as all_costs
from bot.core.checks_texts import CANNED
from bot.core.sms_text import fold, size

if TYPE_CHECKING:
    from bot.core.assistant import Assistant

MARK = {True: "OVER", False: ""}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--fcfa", default=25, show_default=True, help="What one segment costs, in F CFA, for the sum at the end.")
def costs(as_json: bool, fcfa: int) -> None:  # noqa: FBT001 click's way
    """Show every message that can be sent; exit status 1 when one is over its budget or outside GSM-7."""
    rows = list(_rows())
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))
    sms = [row for row in rows if row["channel"] == "sms"]
    wrong = [row for row in sms if _is_wrong(row)]
    if not as_json:
        dearest = max(row["segments"] for row in sms)
        single = sum(row["segments"] == 1 for row in sms)
        click.echo(
            f"\n{len(sms)} SMS texts, {single} of one segment, the longest of {dearest} ({dearest * fcfa} F CFA); "
            f"{len(wrong)} over budget or outside GSM-7."
        )
    if wrong:
        raise SystemExit(1)


def _rows() -> Iterator[dict[str, Any]]:
    from bot.adapters.actions import known, package_actions
    from bot.adapters.clock import SystemClock
    from bot.adapters.files import load_assistant
    from bot.bootstrap import ROOT

    names, validated = known(package_actions())
    assistant = load_assistant(ROOT, actions=names, validates=validated)
    for cost in all_costs(assistant, words=printed.text, today=SystemClock().now().date()):
        yield _row(
            cost.response,
            "sms",
            cost.language,
            (cost.sized.encoding, cost.sized.units, cost.sized.segments),
            cost.budget,
        )
        yield _row(cost.response, "whatsapp", cost.language, ("unicode", len(cost.text), 1), 1)
    yield from _canned(assistant)
    to_staff = {name: (text, 1) for name, text in alerts.LONGEST.items()} | dict(staff_texts.LONGEST)
    for name, (text, budget) in to_staff.items():
        sized = size(fold(text))
        yield _row(name, "sms", "fr", (sized.encoding, sized.units, sized.segments), budget) | {"audience": "staff"}


def _canned(assistant: "Assistant") -> Iterator[dict[str, Any]]:
    """List the replies that staff pick, as they reach the person when nothing is added to them."""
    for language, texts in assistant.texts.items():
        for name in (name for name in texts if name.startswith(CANNED)):
            sized = size(fold(texts[name]))
            row = _row(name, "sms", language, (sized.encoding, sized.units, sized.segments), 1)
            yield row | {"audience": "staff_to_person"}


def _row(message: str, channel: str, language: str, sized: tuple[str, int, int], budget: int) -> dict[str, Any]:
    encoding, characters, segments = sized
    return {
        "message": message,
        "channel": channel,
        "audience": "person",
        "language": language,
        "encoding": encoding,
        "characters": characters,
        "segments": segments,
        "budget": budget,
    }


def _is_wrong(row: dict[str, Any]) -> bool:
    return bool(row["segments"] > row["budget"] or row["encoding"] != "GSM-7")


def _line(row: dict[str, Any]) -> str:
    sized = f"{row['encoding']:7} {row['characters']:4} {row['segments']}/{row['budget']}"
    mark = MARK[row["channel"] == "sms" and _is_wrong(row)]
    return f"{sized}  {row['channel']:8} {row['language']}  {row['message']}  {mark}".rstrip()
