"""The settings of one installation, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.core import phones
from bot.core.broadcasts import is_short_code, is_word
from bot.core.deadlines import Deadlines, read_deadlines
from bot.core.duty import UNCLAIMED
from bot.core.hours import Hours, read_hours
from bot.core.messages import Address
from bot.core.retention import DAYS, Kind, read_retention
from bot.core.ways import Way
from bot.gateway_settings import CARRIES, Kannel, SmsGate, read_kannel, read_smsgate, read_ways
from bot.mail_settings import MAIL_ADDRESS, Smtp, read_smtp
from bot.settings_reader import ConfigError, Reader, web_address
from bot.twilio_settings import Twilio, read_twilio

__all__ = ["ConfigError", "Kannel", "Reader", "Settings", "Twilio", "read_settings"]

Mode = Literal["live", "demo"]
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two installations."""

    mode: Mode
    data_dir: Path  # absolute
    host: str
    port: int
    public_url: str  # without a slash at the end
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)  # None: the embedded server
    secret_keys: str | None = field(repr=False)  # between commas, newest first; None: generated in the data dir
    index_key: str | None = field(repr=False)
    alert_to: tuple[Address, ...]
    twilio: Twilio | None
    kannel: Kannel | None
    smsgate: SmsGate | None
    given_ways: tuple[Way, ...]
    allow_unsigned: bool
    phone_page: bool
    retention: Mapping[Kind, int]  # days, by kind of data
    escalate_after: timedelta  # how long one person has to take a P1 before the next is alerted
    smtp: Smtp | None
    answer_hours: Hours  # when caseworkers answer
    deadlines: Deadlines  # by when they have to; without the calendar
    sms_price: Literal["free", "operator"]  # what an SMS to us costs the person
    sms_cost_fcfa: int  # what one segment costs us
    quiet_hours: bool  # whether broadcasts and check-ins wait at night; only a demo may leave it out
    budget_a_month: int  # francs for all broadcasts; 0: no cap

    @property
    def demo(self) -> bool:
        """Say whether throw-away data, demo accounts and unread Bambara are allowed."""
        return self.mode == "demo"

    @property
    def word_sender(self) -> str | None:
        """Return the sender of Twilio's SMS where it is a word, which nobody can answer."""
        sender = self.twilio.sms_from if self.twilio else None
        return sender if is_word(sender) else None

    @property
    def short_codes(self) -> frozenset[str]:
        """Return the short codes that messages come in on."""
        senders = (self.twilio.sms_from if self.twilio else None, self.kannel.sender if self.kannel else None)
        return frozenset(sender for sender in senders if sender and is_short_code(sender))

    def require_startable(self) -> None:
        """Raise ConfigError unless people may be served: in `live` an urgent case must alert somebody, somehow."""
        problems = []
        if not self.demo and not self.alert_to:
            problems.append(
                "SEGIN_ALERT_TO is missing: name the numbers that an urgent case alerts, "
                "for instance SEGIN_ALERT_TO=+22370000001; only SEGIN_MODE=demo starts without."
            )
        if not self.demo and not (self.twilio or self.kannel or self.smsgate):
            problems.append(
                "Nothing can carry an alert: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and SEGIN_TWILIO_SMS_FROM, "
                "or a gateway (SEGIN_KANNEL_SEND_URL or SEGIN_SMSGATE_API_URL, and the others); "
                "only SEGIN_MODE=demo starts without."
            )
        if problems:
            raise ConfigError(*problems)

    @property
    def ways(self) -> tuple[Way, ...]:
        """Return the providers that are configured, with the operators and prices that were given for them.

        Twilio carries what it has a sender for; a number may be written to by an answer alone.
        """
        accounts = {"twilio": self.twilio, "kannel": self.kannel, "smsgate": self.smsgate}
        carries = CARRIES | ({"twilio": self.twilio.carries} if self.twilio else {})
        given = {way.provider: way for way in self.given_ways}
        return tuple(
            replace(given.get(name) or Way(name, carries[name], fcfa=self.sms_cost_fcfa), channels=carries[name])
            for name, account in accounts.items()
            if account is not None
        )

    @property
    def doubts(self) -> tuple[str, ...]:
        """Return what does not stop a start and is wrong nevertheless, each a sentence for the operator."""
        carried = {channel for way in self.ways for channel in way.channels} | ({"email"} if self.smtp else set())
        wanted = sorted({address.channel for address in self.alert_to}) if self.ways else []
        return tuple(
            f"NO ALERT OF AN URGENT CASE CAN REACH THE {channel.upper()} NUMBERS IN SEGIN_ALERT_TO: "
            f"set {'SEGIN_SMTP_HOST' if channel == 'email' else f'SEGIN_TWILIO_{channel.upper()}_FROM'}, "
            "or name other numbers."
            for channel in wanted
            if channel not in carried
        )


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read every setting. Raises ConfigError with one sentence for each setting that is wrong."""
    reader = Reader(environ)
    settings = _read(reader)
    problems = (*reader.problems, *_contradictions(settings))
    if problems:
        raise ConfigError(*problems)
    return settings


def _read(reader: Reader) -> Settings:
    mode: Mode = reader.parsed("SEGIN_MODE", "live", _mode, "live or demo")
    data_dir = Path(reader.text("SEGIN_DATA_DIR") or f"var/{mode}").expanduser().absolute()
    port = reader.parsed("SEGIN_PORT", 8000, _port, "a port number from 1 to 65535")
    return Settings(
        mode=mode,
        data_dir=data_dir,
        host=reader.text("SEGIN_HOST") or "127.0.0.1",
        port=port,
        public_url=reader.parsed(
            "SEGIN_PUBLIC_URL", f"http://127.0.0.1:{port}", web_address, "an address such as https://segin.example.org"
        ),
        database_url=_read_database_url(reader, data_dir),
        redis_url=reader.parsed("SEGIN_REDIS_URL", None, _redis_url, "a redis://, rediss:// or unix:// address"),
        secret_keys=reader.text("SEGIN_SECRET_KEYS"),
        index_key=reader.text("SEGIN_INDEX_KEY"),
        alert_to=_alert_to(reader),
        retention=reader.parsed(
            "SEGIN_RETENTION", DAYS, read_retention, "days by kind of data, such as messages=365,media=90"
        ),
        escalate_after=reader.parsed(
            "SEGIN_ESCALATE_AFTER", UNCLAIMED["P1"], _minutes, "whole minutes from 1 to 60, such as 5"
        ),
        smtp=read_smtp(reader),
        twilio=read_twilio(reader),
        kannel=read_kannel(reader),
        smsgate=read_smsgate(reader),
        given_ways=read_ways(reader),
        allow_unsigned=reader.flag("SEGIN_ALLOW_UNSIGNED"),
        phone_page=reader.flag("SEGIN_PHONE_PAGE", default=mode == "demo"),
        answer_hours=_answer_hours(reader),
        deadlines=_deadlines(reader),
        sms_price=reader.parsed("SEGIN_SMS_PRICE", "operator", _price, "free or operator"),
        sms_cost_fcfa=reader.parsed("SEGIN_SMS_COST_FCFA", 25, _amount, "a whole number of francs, 0 or more"),
        quiet_hours=reader.flag("SEGIN_QUIET_HOURS", default=True),
        budget_a_month=reader.parsed("SEGIN_BUDGET_A_MONTH", 0, _amount, "a whole number of francs; 0: no cap"),
    )


def _read_database_url(reader: Reader, data_dir: Path) -> str:
    return reader.parsed(
        "SEGIN_DATABASE_URL",
        f"sqlite:///{data_dir / 'segin.db'}",
        _database_url,
        "a sqlite:// or postgresql+psycopg:// address",
    )


def _alert_to(reader: Reader) -> tuple[Address, ...]:
    return reader.parsed(
        "SEGIN_ALERT_TO",
        (),
        _addresses,
        "numbers such as +22370000001 or whatsapp:+22370000001, or e-mail addresses, between commas",
    )


def _answer_hours(reader: Reader) -> Hours:
    return reader.parsed(
        "SEGIN_ANSWER_HOURS",
        Hours(),
        read_hours,
        "hours such as 8-17 (Monday to Friday), or days and hours: 1-6 8-17",
    )


def _deadlines(reader: Reader) -> Deadlines:
    return reader.parsed(
        "SEGIN_DEADLINES",
        Deadlines(),
        read_deadlines,
        "15min,2h,3days: P1 by the clock, what P2 needs left of the day, P3 in working days",
    )


def _contradictions(settings: Settings) -> list[str]:
    problems = []
    if settings.allow_unsigned and urlsplit(settings.public_url).hostname not in LOOPBACK:
        problems.append(
            "SEGIN_ALLOW_UNSIGNED is only for a stand-in on this machine: "
            "unset it, or let SEGIN_PUBLIC_URL be a loopback address such as http://127.0.0.1:8000."
        )
    if not settings.quiet_hours and not settings.demo:
        problems.append(
            "SEGIN_QUIET_HOURS=0 is only for SEGIN_MODE=demo: people are not written to at night; unset it."
        )
    if settings.phone_page and not settings.demo:
        problems.append("SEGIN_PHONE_PAGE is only for SEGIN_MODE=demo: unset it.")
    return problems


def _mode(value: str) -> Mode:
    match value:
        case "live" | "demo":
            return value
    raise ValueError


def _price(value: str) -> Literal["free", "operator"]:
    match value:
        case "free" | "operator":
            return value
    raise ValueError


def _addresses(value: str) -> tuple[Address, ...]:
    return tuple(_address(part.strip()) for part in value.split(",") if part.strip())


def _address(value: str) -> Address:
    if MAIL_ADDRESS.fullmatch(value):
        return Address("email", value)
    channel, _, number = value.rpartition(":")
    phone = phones.parse(number)
    if phone is None or channel not in ("", "sms", "whatsapp"):
        raise ValueError
    return Address("whatsapp" if channel == "whatsapp" else "sms", phone.e164)


def _port(value: str) -> int:
    port = int(value)
    if not 1 <= port <= 65535:  # noqa: PLR2004 - what TCP has
        raise ValueError
    return port


def _minutes(value: str) -> timedelta:
    minutes = int(value)
    if not 1 <= minutes <= 60:  # noqa: PLR2004 - more than an hour is no escalation
        raise ValueError
    return timedelta(minutes=minutes)


def _amount(value: str) -> int:
    amount = int(value)
    if amount < 0:
        raise ValueError
    return amount


def _database_url(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if not rest or scheme not in ("sqlite", "postgresql", "postgresql+psycopg"):
        raise ValueError
    return value


def _redis_url(value: str) -> str | None:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError
    return value
