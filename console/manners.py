"""What every page of ours keeps to: nothing foreign is loaded, kept or followed, and no other site writes for us."""

import gzip

from flask import Request, Response

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
NO_BODY = frozenset({204, 206, 304})


def dress(answer: Response) -> Response:
    """Put our headers on an answer; a file such as the stylesheet may still be kept by the browser."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def squeeze(request: Request, answer: Response) -> Response:
    """Compress what is text, for weak links: a page becomes a third, scripts too.

    Compression can tell a listener whether two texts in one answer are alike (BREACH). Whoever would use that against
    the token of our forms has to guess it over thousands of pages that a caseworker opens, and with it still stands
    before the cookie that no other site can send.
    """
    kind = answer.mimetype or ""
    text = kind.startswith("text/") or kind.endswith(("javascript", "json", "svg+xml"))
    generated = answer.is_streamed and not answer.direct_passthrough  # a long export goes as it is made
    if not text or generated or not request.accept_encodings["gzip"] or "Content-Encoding" in answer.headers:
        return answer
    if answer.status_code in NO_BODY:
        return answer
    answer.direct_passthrough = False
    answer.set_data(gzip.compress(answer.get_data(), mtime=0))
    answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer


def from_elsewhere(request: Request, *, cookie: str) -> bool:
    """Say whether a form was sent by another site.

    Browsers name the sender in Sec-Fetch-Site where the connection is trustworthy (https or this machine). Everywhere
    they keep a SameSite=Strict cookie away from other sites' forms; so one that is absent is a refusal, too. `Origin`
    is "null" under our own Referrer-Policy and says nothing then.
    """
    origin = request.headers.get("Origin", "null")
    return (
        request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
        or origin not in {"null", request.host_url.rstrip("/")}
        or cookie not in request.cookies
    )
