"""A part of a page that asks for itself again: the same answer costs a header, not a page."""

import hashlib
from collections.abc import Callable

from flask import Response, make_response, request


def tag(*seen: object) -> str:
    """Return the mark of what is shown, for the page and for its next question."""
    return '"' + hashlib.sha256(repr(seen).encode()).hexdigest()[:20] + '"'


def fresh(etag: str, show: Callable[[], str]) -> Response:
    """Return the part, or 304 while nothing has changed since the page was told the mark."""
    answer = Response(status=304) if request.headers.get("If-None-Match") == etag else make_response(show())
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "no-store"
    return answer
