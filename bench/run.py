"""Runs the loads and the layers, and returns their figures."""

import gc
from dataclasses import dataclass
from pathlib import Path

from bench.layers import Layer, measure
from bench.load import Door, Figures, Signed, closed_loop, open_loop, signed
from bench.servers import ACCOUNT, TOKEN, URL, Served, serving
from bot.bootstrap import talking

TEXTS = (Path(__file__).parent / "messages.txt").read_text(encoding="utf-8").splitlines()
PEOPLE = 200
STEADY_RATE, STEADY_SECONDS = 100, 20


@dataclass(frozen=True, slots=True)
class Load:
    """One load: what the client saw, and the server's CPU time a message in milliseconds."""

    figures: Figures
    cpu: float


def loads(folder: Path, *, messages: int, connections: int) -> tuple[Load, Load, Load]:
    """Return the figures of the bare view, of the full webhook under the same load, and of it at 100 a second."""
    with serving("bare", folder / "bare") as server:
        closed_loop(_forms(200, "a"), port=server.port, connections=connections)
        bare = _measured(server, _forms(messages, "b"), connections)
    with serving("full", folder / "full") as server:
        closed_loop(_forms(200, "c"), port=server.port, connections=connections)
        full = _measured(server, _forms(messages, "d"), connections)
        steady = _measured(server, _forms(STEADY_RATE * STEADY_SECONDS, "e"), connections, rate=STEADY_RATE)
    return bare, full, steady


def _measured(server: Served, forms: list[Signed], connections: int, *, rate: float | None = None) -> Load:
    before = server.cpu()
    if rate is None:
        figures = closed_loop(forms, port=server.port, connections=connections)
    else:
        figures = open_loop(forms, port=server.port, connections=connections, rate=rate)
    return Load(figures, (server.cpu() - before) / len(forms))


def layers(folder: Path, *, messages: int) -> list[Layer]:
    """Return where the time of one message goes."""
    brain, ports = talking(folder)
    gc.collect()
    gc.freeze()  # as the web server does
    measure(brain, ports, _forms(100, "f"))
    return measure(brain, ports, _forms(messages, "0"))


def _forms(count: int, tag: str) -> list[Signed]:
    return signed(TEXTS, Door(URL, ACCOUNT, TOKEN), count=count, people=PEOPLE, tag=tag)
