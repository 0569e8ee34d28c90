"""Is a request Twilio's own? Checked on what was sent, against the address that Twilio was given."""

from collections.abc import Sequence

from flask import Request
from twilio.request_validator import RequestValidator, compare, get_signature_algorithm

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"  # names the algorithm; without it HMAC-SHA1


def is_genuine(request: Request, *, tokens: Sequence[str], public_url: str) -> bool:
    """Check the signature with each token (two are valid while one is being replaced).

    Host and X-Forwarded-* are never looked at: whoever can set them must not be able to choose what is checked.
    """
    signature = request.headers.get(SIGNATURE)
    if not signature:  # the validator would raise TypeError on None
        return False
    signed = _signed_part(request)
    if signed is None:
        return False
    url, algorithm = _address(request, public_url), get_signature_algorithm(request.headers.get(SETTINGS))
    return any(_valid(token, url, signed, signature=signature, algorithm=algorithm) for token in tokens if token)


def _valid(token: str, url: str, signed: object, *, signature: str, algorithm: str) -> bool:
    validator = RequestValidator(token)
    try:
        # `validate` tries the address with and without its port, 70 µs each; nearly always it is right as it stands.
        if not isinstance(signed, str) and compare(validator.compute_signature(url, signed, algorithm), signature):
            return True
        return bool(validator.validate(url, signed, signature, algorithm))
    except ValueError:  # an address that is none
        return False


def _address(request: Request, public_url: str) -> str:
    """Rebuild the address as it was called: our public one, then path and query exactly as they came."""
    raw = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or "")
    if not raw.startswith("/"):
        raw = request.full_path.rstrip("?")
    return public_url.rstrip("/") + raw


def _signed_part(request: Request) -> object | None:
    """Return every field of a form, or the text of another body; None when that text cannot have been signed."""
    if request.mimetype != "application/json":
        return request.form
    body = request.get_data()
    if "bodySHA256" not in request.args:  # nothing of the body would be signed
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
