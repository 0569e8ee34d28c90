"""The settings of e-mail to staff; persons are never sent any."""

import re
from dataclasses import dataclass, field
from typing import Literal

from bot.settings_reader import Reader

Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}  # RFC 6409, RFC 8314
MAIL_ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A server that takes e-mail for staff."""

    host: str
    sender: str
    port: int
    security: Security = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def read_smtp(reader: Reader) -> Smtp | None:
    """Read the settings of e-mail; None when there are none."""
    security: Security = reader.parsed("SEGIN_SMTP_SECURITY", "starttls", _security, "starttls, tls or none")
    port = reader.parsed("SEGIN_SMTP_PORT", PORTS[security], _port, "a port number from 1 to 65535")
    found = reader.together(
        "E-mail", ("SEGIN_SMTP_HOST", "SEGIN_SMTP_FROM"), ("SEGIN_SMTP_USERNAME", "SEGIN_SMTP_PASSWORD")
    )
    if not found:
        return None
    if not MAIL_ADDRESS.fullmatch(found["SEGIN_SMTP_FROM"]):
        reader.problems.append("SEGIN_SMTP_FROM must be an e-mail address such as segin@example.org.")
    return Smtp(
        found["SEGIN_SMTP_HOST"],
        found["SEGIN_SMTP_FROM"],
        port,
        security,
        found.get("SEGIN_SMTP_USERNAME"),
        found.get("SEGIN_SMTP_PASSWORD"),
    )


def _security(value: str) -> Security:
    match value:
        case "starttls" | "tls" | "none":
            return value
    raise ValueError


def _port(value: str) -> int:
    port = int(value)
    if not 1 <= port <= 65535:  # noqa: PLR2004 - what TCP has
        raise ValueError
    return port
