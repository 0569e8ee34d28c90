"""What every webhook answers besides "taken": a sentence for the operator, or "send it again"."""

from collections.abc import Callable

from flask import Response

from bot.ports import StorageAway

STORAGE_AWAY = "The message could not be kept and nothing was done; please send it again."


def sentence(text: str, status: int) -> Response:
    """Answer with one line of plain text."""
    return Response(f"{text}\n", status, mimetype="text/plain")


def bad(error: ValueError) -> Response:
    """Say what about a request cannot be read."""
    return sentence(str(error), 400)


def ask_again(seconds: str) -> Callable[[StorageAway], Response]:
    """Return what asks for the same again in so many seconds, for whatever could not be kept."""

    def answer(_: StorageAway) -> Response:
        told = sentence(STORAGE_AWAY, 503)
        told.headers["Retry-After"] = seconds
        return told

    return answer
