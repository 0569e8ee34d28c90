"""What a failed call says about whether the other side can have got it."""

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError


def never_left(error: requests.RequestException) -> bool:
    """Say whether no connection came about, so that the other side cannot have the message."""
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
