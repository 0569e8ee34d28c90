"""What may stand in a log line."""

import logging
import sys

import pytest

from bot.adapters.logs import Discreet


def line(message: str, *args: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    return Discreet().format(logging.LogRecord("segin", logging.WARNING, "file", 1, message, args, info))


def test_a_line_has_time_level_and_logger():
    assert line("the queue is away").endswith("+00:00 warning segin: the queue is away")


@pytest.mark.parametrize("number", ["+22376000001", "0022376000001", "76 00 00 01", "76-00-00-01"])
def test_a_number_is_left_out(number: str):
    assert line("cannot reach %s", number).endswith("cannot reach …")


def test_a_query_is_left_out():
    assert line("Error handling request /webhooks/kannel/messages?from=x&text=aidez").endswith("/messages?…")


@pytest.mark.parametrize(
    "kept", ["9f86d081884c7d659a2feaa0c55ad015", "12345678abcdef001234567812345678", "127.0.0.1:8000"]
)
def test_ids_and_addresses_of_machines_stay(kept: str):
    assert kept in line("row %s", kept)


def test_of_an_exception_only_its_type_and_place_are_told():
    try:
        int("my brother was taken")
    except ValueError:
        told = line("it failed", error=sys.exc_info()[1])

    assert "ValueError at\n" in told
    assert "test_logs.py" in told
    assert "brother" not in told
