"""Where the time of one message goes, layer by layer, in one process and one thread."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, request

from bench.load import PATH, Signed
from bench.servers import TOKEN, URL
from bot.channels import twilio as twilio_channel
from bot.core.cases import REFERENCES
from bot.core.messages import Incoming
from bot.ports import OutgoingRow
from bot.service.brain import Brain
from bot.service.decide import decide
from bot.service.ports import Ports
from bot.service.receive_message import Turn, commit
from webhooks.twilio_signature import is_genuine
from webhooks.twiml import messages_twiml

if TYPE_CHECKING:
    from bot.understanding.read import Understanding

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's mean time a message, in milliseconds of wall clock and of CPU."""

    name: str
    wall: float
    cpu: float


@dataclass(slots=True)
class Watch:
    """Adds up time by layer."""

    spent: dict[str, list[float]] = field(default_factory=dict)

    def time(self, name: str, work: Callable[[], T]) -> T:
        """Run a piece of work on a layer's account."""
        wall, cpu = time.perf_counter(), time.thread_time()
        result = work()
        sums = self.spent.setdefault(name, [0.0, 0.0])
        sums[0] += time.perf_counter() - wall
        sums[1] += time.thread_time() - cpu
        return result

    def layers(self, rounds: int) -> list[Layer]:
        """Return the means over so many messages."""
        return [Layer(name, wall / rounds * 1000, cpu / rounds * 1000) for name, (wall, cpu) in self.spent.items()]


@dataclass(frozen=True, slots=True)
class TimedEars:
    """The understanding, on an account of its own."""

    ears: Any
    watch: Watch

    def read(self, text: str, **how: Any) -> Any:
        """Read a text as the real one does."""
        return self.watch.time("understanding", lambda: self.ears.read(text, **how))


def measure(brain: Brain, ports: Ports, forms: Sequence[Signed]) -> list[Layer]:
    """Send signed forms through every layer of the webhook, one after the other, and return the means."""
    watch, app = Watch(), Flask(__name__)
    timed = replace(brain, understanding=cast("Understanding", TimedEars(brain.understanding, watch)))
    for form in forms:
        with app.test_request_context(PATH, method="POST", data=form.body, headers=form.headers, base_url=URL):
            incoming = watch.time("form and signature", lambda: _parse(ports))
        rows = _turn(watch, timed, ports, incoming)
        watch.time("TwiML", partial(messages_twiml, rows, URL))
    layers = {layer.name: layer for layer in watch.layers(len(forms))}
    whole, ears = layers.pop("deciding"), layers.pop("understanding")
    engine = Layer("engine, words, rendering", whole.wall - ears.wall, whole.cpu - ears.cpu)
    return [layers["form and signature"], layers["look-up"], ears, engine, layers["transaction"], layers["TwiML"]]


def _parse(ports: Ports) -> Incoming:
    request.get_data()
    if not is_genuine(request, tokens=(TOKEN,), public_url=URL):
        msg = "The benchmark's own signature does not fit."
        raise RuntimeError(msg)
    return twilio_channel.parse(request.form.to_dict(), received_at=ports.clock.now())


def _turn(watch: Watch, brain: Brain, ports: Ports, incoming: Incoming) -> tuple[OutgoingRow, ...]:
    now, store = ports.clock.now(), ports.store
    known = watch.time(
        "look-up",
        lambda: store.look_up(
            incoming.sender,
            provider=incoming.provider,
            provider_id=incoming.provider_id,
            text=incoming.text,
            now=now,
        ),
    )
    draw = ports.ids.number(REFERENCES)
    decision = watch.time("deciding", lambda: decide(brain, known, incoming, now=now, draw=draw))
    return watch.time("transaction", lambda: commit(brain, ports, Turn(known, incoming, decision, "answer", now)))
