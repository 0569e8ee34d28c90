"""`segin broadcast`: the same steps as in the console; what is refused is said in French, as there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.broadcasts import Broadcast
    from bot.house import House

BY = click.option("--by", "login", required=True, help="Your login: whoever wrote a broadcast never approves it.")
LOOK_EVERY = 2.0  # seconds
ENDED = ("done", "cancelled")


@click.group()
def broadcast() -> None:
    """Write, price, approve, start, watch and stop messages to many."""


@broadcast.command()
@click.option("--name", required=True, help="What the team calls it.")
@click.option("--fr", default="", help="The text in French; {name}, {region} and {trade} are filled in.")
@click.option("--bm", default="", help="The text in Bambara, in official letters.")
@click.option("--fr-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The French text.")
@click.option("--bm-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The Bambara text.")
@click.option("--flow", default=None, help="A conversation instead of a text.")
@click.option("--check-in", "check_in", default=None, help="A check-in instead of a text.")
@click.option("--channel", type=click.Choice(["any", "sms", "whatsapp"]), default="any", show_default=True)
@click.option("--sender", default=None, help="Of the SMS: a number, a word (the text then names a number), MG…")
@click.option("--template", default=None, help="WhatsApp's outside the 24 h window, instead of the usual one (HX…).")
@click.option("--language", "languages", multiple=True, type=click.Choice(["fr", "bm"]), help="More than once.")
@click.option("--region", "regions", multiple=True, help="A code of flows/facts/regions.yml; more than once.")
@click.option("--trade", "trades", multiple=True, help="A code of flows/facts/trades.yml; more than once.")
@click.option("--origin", "origins", multiple=True, help="Country they came back from, such as MA; more than once.")
@click.option("--consent", "consents", multiple=True, type=click.Choice(["given", "refused", "none"]))
@click.option("--tag", "tags", multiple=True, help="A tag or an uploaded list; more than once.")
@click.option("--without-tag", "without_tags", multiple=True, help="Nobody with this tag.")
@click.option("--months-min", "months_since_return_min", type=int, help="Months since the return, at least.")
@click.option("--months-max", "months_since_return_max", type=int, help="Months since the return, at most.")
@click.option("--heard-within", "heard_within_days", type=int, help="Wrote to us within so many days.")
@click.option("--silent-for", "silent_for_days", type=int, help="Has not written for so many days, or never.")
@click.option("--sms-fallback", is_flag=True, help="By SMS what WhatsApp does not deliver, if the budget allows.")
@click.option("--budget", type=click.IntRange(min=1), help="Francs CFA at most.")
@BY
def draft(*, login: str, **given: Any) -> None:
    """Keep a draft and print its id."""
    from bot.service import broadcasts as use

    with _at(login) as (house, staff):
        made = use.draft(house.broadcast_desk, staff, _wanted(given))
        click.echo(made.id)
        _print_preview(house, made)


def _wanted(given: "dict[str, Any]") -> "Broadcast":
    """Return the broadcast that the options mean."""
    from bot.core.broadcasts import Audience, Broadcast

    texts = {code: given[f"{code}_file"].read_text("utf-8") if given[f"{code}_file"] else given[code] for code in LANGS}
    audience = {name: value for name, value in given.items() if name in Audience.__dataclass_fields__}
    kind = "check_in" if given["check_in"] else "flow" if given["flow"] else "text"
    return Broadcast(
        id="",
        name=given["name"],
        state="draft",
        kind=cast("Any", kind),
        created_by="",
        created_at=datetime.min,  # noqa: DTZ901 the use case gives the time
        texts={"fr": texts["fr"].strip(), "bm": texts["bm"].strip()} if kind == "text" else {},
        flow=given["check_in"] or given["flow"],
        channel=given["channel"],
        sender=given["sender"],
        template=given["template"],
        audience=Audience(**audience),
        sms_fallback=given["sms_fallback"],
        budget=given["budget"] * 100 if given["budget"] else None,
    )


LANGS = ("fr", "bm")


@broadcast.command()
@click.argument("ident")
def preview(ident: str) -> None:
    """Show whom it reaches, whom not and why, what it costs, and how it looks on a phone."""
    with _open() as house:
        _print_preview(house, _found(house, ident))


def _print_preview(house: "House", one: "Broadcast") -> None:
    from bot.core.messages import LANGUAGES
    from bot.core.outreach import WORDS
    from bot.core.prices import in_francs
    from bot.service import broadcasts as use

    expected = use.preview(house.broadcast_desk, one)
    click.echo(f"{expected.people} person(s), {expected.segments} message(s) to pay, {in_francs(expected.centimes)}")
    for reason, count in expected.excluded.items():
        click.echo(f"  left out {count}: {dict(WORDS).get(cast('Any', reason), reason)}")
    for language in LANGUAGES:
        for _, wire in use.shown(house.broadcast_desk, one, language, "sms"):
            click.echo(f"  {language} SMS, {wire.encoding}, {wire.segments}: {wire.text}")


@broadcast.command("list")
def list_all() -> None:
    """List broadcasts, newest first."""
    with _open() as house:
        for one in house.broadcasts.all():
            click.echo(f"{one.id}  {one.state:10} {one.expected_people:7}  {one.name}")


@broadcast.command()
@click.argument("ident")
def status(ident: str) -> None:
    """Say how far it is, and why persons were left out."""
    with _open() as house:
        one = _found(house, ident)
        click.echo(_line(house, one))
        for (state, reason), count in house.broadcasts.reasons(ident).items():
            click.echo(f"  {count} {state}: {reason}")


@broadcast.command()
@click.argument("ident")
def watch(ident: str) -> None:
    """Follow it until it has ended, with rate and time left; Ctrl-C stops watching, not sending."""
    with _open() as house:
        one = _found(house, ident)
        with click.progressbar(length=1, label=one.name, show_eta=False, show_pos=True) as bar:
            while _draw(house, bar, _found(house, ident)):
                time.sleep(LOOK_EVERY)


def _draw(house: "House", bar: Any, one: "Broadcast") -> bool:
    """Draw where it stands; says whether it goes on."""
    counts = house.broadcasts.counts(one.id)
    done = sum(count for name, count in counts.items() if name not in ("queued", "sending"))
    bar.length = max(sum(counts.values()), 1)
    bar.update(done - bar.pos, one)
    bar.label = f"{one.name} ({one.state}{_rate(house, one, left=bar.length - done)})"
    bar.render_progress()
    return one.state not in ENDED


def _rate(house: "House", one: "Broadcast", *, left: int) -> str:
    """Say how many persons a minute got on within the last one, and how many minutes are left at that rate."""
    if one.state != "running":
        return ""
    moved = house.ledgers.moved(one.id, since=house.ports.clock.now() - timedelta(minutes=1))
    return f", {moved} a minute, {-(-left // moved)} min left" if moved else ", nothing moved for a minute"


def _line(house: "House", one: "Broadcast") -> str:
    from bot.core.prices import in_francs

    counts = ", ".join(f"{count} {name}" for name, count in sorted(house.broadcasts.counts(one.id).items()))
    why = f" ({one.pause_reason})" if one.pause_reason else ""
    spent, answered = in_francs(house.broadcasts.spent(one.id)), house.broadcasts.answered(one.id)
    return f"{one.name}: {one.state}{why}; {counts or 'nobody yet'}; {answered} answered; {spent}"


def _step(name: str, verb: str, told: str) -> None:
    """Add the command of one step of a broadcast's life."""

    @broadcast.command(name, help=told)
    @click.argument("ident")
    @BY
    def step(ident: str, login: str) -> None:
        from bot.service import broadcasts as use

        take = cast("Callable[..., Broadcast]", getattr(use, verb))
        with _at(login) as (house, staff):
            click.echo(f"{ident}: {take(house.broadcast_desk, use.Seen(staff, ident)).state}")


_step("submit", "submit", "Hand a draft over to whoever approves.")
_step("reject", "reject", "Give a submitted one back to its author.")
_step("approve", "approve", "Approve what somebody else has written.")
_step("pause", "pause", "Stop at once; nothing that is not with the provider leaves.")
_step("resume", "resume", "Go on where it stopped.")
_step("cancel", "cancel", "End it for good.")
_step("retry", "retry_failed", "Try once more whom it did not reach.")


@broadcast.command()
@click.argument("ident")
@click.option("--at", "at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="In Bamako, such as 2026-11-24T09:30.")
@BY
def start(ident: str, at: datetime | None, login: str) -> None:
    """Let an approved one begin now or at a time; quiet hours are kept."""
    from bot.core.hours import BAMAKO
    from bot.service import broadcasts as use

    with _at(login) as (house, staff):
        moment = at.replace(tzinfo=BAMAKO) if at else None
        click.echo(f"{ident}: {use.schedule(house.broadcast_desk, use.Seen(staff, ident), moment).state}")


@broadcast.command()
@click.argument("ident")
@click.option("--francs", type=click.IntRange(min=1), required=True, help="The new budget, above the old one.")
@BY
def fund(ident: str, francs: int, login: str) -> None:
    """Raise the budget of a paused one; never by whoever wrote it. `resume` lets it go on."""
    from bot.service import broadcasts as use

    with _at(login) as (house, staff):
        use.fund(house.broadcast_desk, use.Seen(staff, ident), francs * 100)
        click.echo(f"{ident}: {francs} FCFA")


@contextmanager
def _open() -> "Iterator[House]":
    from bot.bootstrap import at_home
    from bot.core.broadcasts import Refused

    with at_home() as house:
        try:
            yield house
        except Refused as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def _at(login: str) -> "Iterator[tuple[House, Any]]":
    """Open the installation for somebody with an account."""
    with _open() as house:
        account = house.entrance.book.by_login(login)
        if account is None or not account.active:
            msg = f"Nobody has the login {login!r}; `segin staff list` shows who has one."
            raise click.BadParameter(msg)
        yield house, account.staff


def _found(house: "House", ident: str) -> "Broadcast":
    found = house.broadcasts.get(ident)
    if found is None:
        msg = f"There is no broadcast {ident!r}; `segin broadcast list` shows those that are there."
        raise click.BadParameter(msg)
    return found
