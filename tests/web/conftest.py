"""Pages and webhooks as a browser or a provider meets them: the whole application, without a socket."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.bootstrap import build, prepare_data
from bot.config import read_settings
from bot.web import create_app

TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 31 + "1", "TWILIO_AUTH_TOKEN": "made-up"}
KANNEL = {
    "SEGIN_KANNEL_SEND_URL": "http://127.0.0.1:9/cgi-bin/sendsms",
    "SEGIN_KANNEL_USERNAME": "segin",
    "SEGIN_KANNEL_PASSWORD": "made-up",
    "SEGIN_KANNEL_SECRET": "made-up",
    "SEGIN_KANNEL_FROM": "36000",
}
SMSGATE = {
    "SEGIN_SMSGATE_API_URL": "http://127.0.0.1:9",
    "SEGIN_SMSGATE_USERNAME": "segin",
    "SEGIN_SMSGATE_PASSWORD": "made-up",
    "SEGIN_SMSGATE_SIGNING_KEY": "made-up",
}
NO_QUEUE = "redis+socket:///nowhere"


def application(data_dir: Path, **environ: str) -> Flask:
    settings = read_settings({"SEGIN_DATA_DIR": str(data_dir), **environ})
    prepare_data(settings)
    return create_app(build(settings, NO_QUEUE))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return application(tmp_path_factory.mktemp("demo"), SEGIN_MODE="demo", **TWILIO, **KANNEL, **SMSGATE)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    alerted = {"SEGIN_MODE": "live", "SEGIN_ALERT_TO": "+22370000009"}
    return application(tmp_path_factory.mktemp("live"), **alerted, **TWILIO, **KANNEL, **SMSGATE)


@pytest.fixture
def browser(demo: Flask) -> FlaskClient:
    """A visitor who has opened the page, on a number of their own."""
    client = demo.test_client()
    client.get("/phone/")
    client.post("/phone/scene", data={"fresh": "1"})
    return client
