"""What machines ask about us."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.ports import StorageAway
from webhooks.health import Checks, Counts, blueprint

COUNTS = {
    "messages": {("in", "sms", "received"): 3, ("out", "sms", "delivered"): 2},
    "alerts": {("failed",): 1},
    "cases": {("P1", "open"): 1},
}


def browser(*, storage: bool = True, queue: bool = True, tally: Callable[[], Mapping[str, Counts]] = lambda: COUNTS):
    app = Flask("test")
    app.register_blueprint(blueprint(Checks(storage=lambda: storage, queue=lambda: queue), tally))
    return app.test_client()


def away() -> Mapping[str, Counts]:
    raise StorageAway("away")


def metrics(client: FlaskClient) -> list[str]:
    return client.get("/metrics").get_data(as_text=True).splitlines()


def test_it_is_alive_whatever_else_is_away():
    assert browser(storage=False, queue=False).get("/healthz").status_code == 200


def test_it_is_ready_when_storage_and_queue_answer():
    answer = browser().get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ready", "storage": "ok", "queue": "ok"})


@pytest.mark.parametrize("part", ["storage", "queue"])
def test_it_names_the_part_that_is_away(part: str):
    answer = browser(**{part: False}).get("/readyz")

    assert answer.status_code == 503
    assert answer.json
    assert [name for name, word in answer.json.items() if word == "away"] == [part]


def test_metrics_count_messages_and_cases():
    told = metrics(browser())

    assert 'segin_messages{channel="sms",direction="out",status="delivered"} 2.0' in told
    assert 'segin_cases{priority="P1",status="open"} 1.0' in told
    assert 'segin_alerts{status="failed"} 1.0' in told
    assert "segin_storage_up 1.0" in told


def test_metrics_say_that_storage_is_away():
    told = metrics(browser(tally=away))

    assert "segin_storage_up 0.0" in told
    assert not [line for line in told if line.startswith("segin_messages{")]
