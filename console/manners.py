"""What every page of ours keeps to: nothing foreign is loaded, kept or followed, and no other site writes for us."""

from flask import Request, Response

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def dress(answer: Response) -> Response:
    """Put our headers on an answer; a file such as the stylesheet may still be kept by the browser."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
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
