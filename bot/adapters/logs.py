"""One line a log record, on standard error, from which texts and numbers of people are kept away."""

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

_QUERY = re.compile(r"\?\S+")  # a gateway's GET carries sender and text in the query
_NUMBER = re.compile(r"(?<![0-9A-Fa-f])\+?\d[\d -]{6,}\d(?![0-9A-Fa-f])")  # eight digits or more, not inside an id


class Discreet(logging.Formatter):
    """Writes time, level, logger and message; of an exception only its type and where it happened.

    The text of an exception may quote what a person wrote or a value of a row, so it is left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback follows, without values."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = _NUMBER.sub("…", _QUERY.sub("?…", record.getMessage()))
        line = f"{time} {record.levelname.lower()} {record.name}: {message}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def formatException(  # noqa: N802 - logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Return the type of an exception and its frames."""
        kind, _, tb = ei
        frames = "\n".join(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(tb))
        return f"{kind.__name__ if kind else 'error'} at\n{frames}"


def configure(level: int = logging.INFO) -> None:
    """Send every logger's records to standard error through one discreet handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("alembic", "celery", "kombu", "twilio", "gunicorn.error", "sanic", "rasa_sdk"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("celery.beat").setLevel(logging.CRITICAL)  # an absent queue is told once, not every five seconds
