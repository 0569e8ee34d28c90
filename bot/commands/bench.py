"""`segin bench`: the full webhook beside a bare one, and where a message's time goes; one table."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bench.contacts import ImportFigures
    from bench.layers import Layer
    from bench.road import RoadFigures
    from bench.run import Load


@click.command()
@click.option("--messages", default=3000, show_default=True, help="Messages for each load.")
@click.option("--connections", default=16, show_default=True, help="Connections that press as hard as they can.")
@click.option("--people", default=100_000, show_default=True, help="Lines of the lists that are imported.")
def bench(messages: int, connections: int, people: int) -> None:
    """Measure on this machine, client and server together. Nothing leaves loopback."""
    from bench import run
    from bench.contacts import imported
    from bench.road import road

    with tempfile.TemporaryDirectory(prefix="segin-bench-") as folder:
        bare, full, steady = run.loads(Path(folder), messages=messages, connections=connections)
        layers = run.layers(Path(folder) / "layers", messages=min(messages, 1000))
        through = road(Path(folder) / "road", run.TEXTS, messages=messages)
        lists = [imported(Path(folder) / kind, lines=people, kind=kind) for kind in ("csv", "xlsx")]
    click.echo(f"{'':34}{'msg/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'failed':>8}{'CPU ms':>9}")
    _load_row(f"bare view, {connections} connections", bare)
    _load_row(f"full webhook, {connections} connections", full)
    _load_row("full webhook, 100 messages/s", steady)
    click.echo(f"throughput of the bare view kept: {full.figures.a_second / bare.figures.a_second:.2f}")
    _layer_rows(layers)
    _road_row(through)
    _import_rows(lists)
    _broadcast_rows(messages)


def _broadcast_rows(messages: int) -> None:
    from bench import broadcasts

    with tempfile.TemporaryDirectory(prefix="segin-bench-") as folder:
        made = broadcasts.prepared(Path(folder) / "prepared")
        rates = broadcasts.rates(Path(folder), messages=messages)
        paced = broadcasts.paced(Path(folder) / "paced")
    click.echo(
        f"\nbroadcast: {made.people} recipients prepared in {made.seconds:.1f} s, {made.more_memory:.0f} MB more memory"
    )
    for (latency, threads), rate in rates.items():
        click.echo(f"{f'sends a second, {latency * 1000:.0f} ms, {threads} threads':34}{rate:8.0f}")
    click.echo(f"paced at {broadcasts.PACE}/s: {paced.a_second:.1f}/s, {paced.kept:.0%} of what is allowed")
    click.echo(f"replies meanwhile late by: p50 {paced.reply_p50 * 1000:.0f} ms, p99 {paced.reply_p99 * 1000:.0f} ms")


def _load_row(name: str, load: "Load") -> None:
    seen = load.figures
    click.echo(f"{name:34}{seen.a_second:8.0f}{seen.p50:9.1f}{seen.p99:9.1f}{seen.failed:8}{load.cpu:9.2f}")


def _layer_rows(layers: "list[Layer]") -> None:
    whole = sum(layer.wall for layer in layers)
    click.echo(f"\n{'one message, one thread':34}{'ms':>8}{'CPU ms':>9}{'share':>8}")
    for layer in layers:
        click.echo(f"{layer.name:34}{layer.wall:8.2f}{layer.cpu:9.2f}{layer.wall / whole:8.0%}")
    thinking = sum(layer.cpu for layer in layers if layer.name.startswith(("understanding", "engine")))
    click.echo(f"{'all':34}{whole:8.2f}{sum(layer.cpu for layer in layers):9.2f}")
    click.echo(f"CPU of understanding and engine a turn: {thinking:.2f} ms")


def _road_row(road: "RoadFigures | None") -> None:
    if road is None:
        click.echo("\nthrough Kannel: not measured, Kannel is absent (`make gateway` installs it)")
        return
    click.echo(f"\nthrough Kannel, {road.written} SMS at once, message centre to message centre")
    click.echo(
        f"taken in a second: {road.taken_in:.0f}; replies back a second: {road.arrived:.0f} ({road.replies} replies)"
    )


def _import_rows(lists: "list[ImportFigures]") -> None:
    head = f"{'read s':>8}{'in s':>8}{'all s':>8}{'CPU s':>8}{'persons':>9}{'peak MB':>9}{'+MB':>6}"
    click.echo(f"\n{'a list of people':34}{head}")
    for one in lists:
        name, grown = f"{one.lines} lines, {one.kind}", one.peak - one.before
        times = f"{one.read:8.1f}{one.let_in:8.1f}{one.read + one.let_in:8.1f}{one.cpu:8.1f}"
        click.echo(f"{name:34}{times}{one.persons:9}{one.peak:9}{grown:6}")
