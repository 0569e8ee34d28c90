"""What machines ask about us: alive, ready, and counts for Prometheus. No personal datum passes here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.ports import StorageAway

Counts = Mapping[tuple[str, ...], int]
Tally = Callable[[], Mapping[str, Counts]]
METRICS = {
    "messages": ("Messages by direction, channel and status.", ("direction", "channel", "status")),
    "alerts": ("Alerts to people on duty, by status; failed and undelivered ones reached nobody.", ("status",)),
    "cases": ("Cases by priority and status; complaints are not among them.", ("priority", "status")),
    "purged": ("What periods have taken away since the beginning, by kind of data.", ("kind",)),
    "provider_up": ("Whether a provider is up; absent where nobody can say.", ("provider",)),
    "provider_waiting": ("Messages that are due and have not left.", ("provider",)),
    "provider_oldest_seconds": ("How long the oldest of them has waited.", ("provider",)),
    "provider_heard_seconds_ago": ("When the last message came in.", ("provider",)),
    "provider_segments_a_day": ("Segments that left within a day.", ("provider",)),
    "provider_fcfa_a_day": ("What they cost, in francs CFA.", ("provider",)),
}


@dataclass(frozen=True, slots=True)
class Checks:
    """The parts that have to answer before people can be served; each says whether it does."""

    storage: Callable[[], bool]
    queue: Callable[[], bool]


def blueprint(checks: Checks, tally: Tally) -> Blueprint:
    """Make /healthz, /readyz and /metrics. `tally` counts rows at the moment it is asked, for all processes alike."""
    routes = Blueprint("health", __name__)
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)  # of the process that answers
    registry.register(Rows(tally))
    routes.after_request(_not_kept)
    routes.add_url_rule("/healthz", "alive", lambda: jsonify(status="alive"))
    routes.add_url_rule("/readyz", "ready", lambda: _ready(checks))
    routes.add_url_rule(
        "/metrics", "metrics", lambda: Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    )
    return routes


def _not_kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ready(checks: Checks) -> tuple[Response, int]:
    parts = {"storage": checks.storage(), "queue": checks.queue()}
    ready = all(parts.values())
    words = {name: "ok" if answers else "away" for name, answers in parts.items()}
    return jsonify(status="ready" if ready else "not ready", **words), 200 if ready else 503


class Rows(Collector):
    """Counts from the database, as gauges."""

    def __init__(self, tally: Tally) -> None:
        """Ask `tally` at every scrape."""
        self._tally = tally

    def describe(self) -> Iterator[Metric]:
        """Name the metrics without asking the database."""
        return iter(self._empty().values())

    def collect(self) -> Iterator[Metric]:
        """Return one gauge a question; `segin_storage_up` is 0, and the others are absent, while storage is away."""
        gauges = self._empty()
        try:
            counts = self._tally()
        except StorageAway:
            yield GaugeMetricFamily("segin_storage_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("segin_storage_up", "Whether the database answers.", value=1)
        for name, gauge in gauges.items():
            for labels, count in sorted(counts.get(name, {}).items()):
                gauge.add_metric(labels, count)
            yield gauge

    @staticmethod
    def _empty() -> dict[str, GaugeMetricFamily]:
        return {
            name: GaugeMetricFamily(f"segin_{name}", text, labels=labels) for name, (text, labels) in METRICS.items()
        }
