"""Runs the loads and the layers, and returns their figures."""

import gc
from pathlib import Path

from bench.layers import Layer, measure
from bench.load import Door, Figures, Signed, closed_loop, open_loop, signed
from bench.servers import ACCOUNT, TOKEN, URL, serving
from bot.bootstrap import talking

TEXTS = (Path(__file__).parent / "messages.txt").read_text(encoding="utf-8").splitlines()
PEOPLE = 200
STEADY_RATE, STEADY_SECONDS = 100, 20


def loads(folder: Path, *, messages: int, connections: int) -> tuple[Figures, Figures, Figures]:
    """Return the figures of the bare view, of the full webhook under the same load, and of it at 100 a second."""
    with serving("bare", folder / "bare") as port:
        closed_loop(_forms(200, "a"), port=port, connections=connections)
        bare = closed_loop(_forms(messages, "b"), port=port, connections=connections)
    with serving("full", folder / "full") as port:
        closed_loop(_forms(200, "c"), port=port, connections=connections)
        full = closed_loop(_forms(messages, "d"), port=port, connections=connections)
        steady = open_loop(
            _forms(STEADY_RATE * STEADY_SECONDS, "e"), port=port, connections=connections, rate=STEADY_RATE
        )
    return bare, full, steady


def layers(folder: Path, *, messages: int) -> list[Layer]:
    """Return where the time of one message goes."""
    brain, ports = talking(folder)
    gc.collect()
    gc.freeze()  # as the web server does
    measure(brain, ports, _forms(100, "f"))
    return measure(brain, ports, _forms(messages, "0"))


def _forms(count: int, tag: str) -> list[Signed]:
    return signed(TEXTS, Door(URL, ACCOUNT, TOKEN), count=count, people=PEOPLE, tag=tag)
