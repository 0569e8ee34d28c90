"""The settings of gateways in the country itself."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network

from bot.core.messages import Channel
from bot.core.ways import OPERATORS, Way
from bot.settings_reader import Reader, web_address

Network = IPv4Network | IPv6Network
SMSGATE = tuple(f"SEGIN_SMSGATE_{name}" for name in ("API_URL", "USERNAME", "PASSWORD", "SIGNING_KEY"))
KANNEL = tuple(f"SEGIN_KANNEL_{name}" for name in ("SEND_URL", "USERNAME", "PASSWORD", "SECRET", "FROM"))
CARRIES: dict[str, frozenset[Channel]] = {
    "twilio": frozenset({"sms", "whatsapp"}),
    "kannel": frozenset({"sms"}),
    "smsgate": frozenset({"sms"}),
}
A_SECOND = 10.0  # SMS; what an operator grants a small customer, to be replaced by the contract's own number
_SAFE = re.compile(r"[A-Za-z0-9._~-]+(,[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True, slots=True)
class Kannel:
    """A Kannel gateway: where its sendsms listens, and what it must send with every call of ours."""

    send_url: str
    username: str
    password: str = field(repr=False)
    secret: str = field(repr=False)  # the gateway proves itself with it on our webhooks
    sender: str
    a_second: float = A_SECOND  # SMS parts that the operator's contract allows
    callback_url: str | None = None  # our address as the gateway reaches it; None: the public one
    status_url: str | None = field(default=None, repr=False)  # its status.xml with the password; None: cannot be asked
    allowed: tuple[Network, ...] = ()  # from where its webhooks come; (): from anywhere

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return the secrets, newest first: while one is replaced, both stand in the setting with a comma between."""
        return tuple(self.secret.split(","))


@dataclass(frozen=True, slots=True)
class SmsGate:
    """An Android phone with SMSGate (or several): its API, and the key that its webhooks are signed with."""

    api_url: str  # everything before /messages
    username: str
    password: str = field(repr=False)
    signing_key: str = field(repr=False)
    sim: int | None = None  # None: as the app is set

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys, newest first: while one is replaced, both stand in the setting with a comma between."""
        return tuple(key.strip() for key in self.signing_key.split(",") if key.strip())


def read_kannel(reader: Reader) -> Kannel | None:
    """Read the settings of Kannel; None when there are none."""
    found = reader.together("Kannel", KANNEL)
    a_second = reader.parsed("SEGIN_KANNEL_A_SECOND", A_SECOND, _rate, "a number of SMS a second, from 1 to 1000")
    address = "an address such as http://10.0.0.5:8000"
    callback_url = reader.parsed("SEGIN_KANNEL_CALLBACK_URL", None, web_address, address)
    status_url = reader.text("SEGIN_KANNEL_STATUS_URL")
    nowhere: tuple[Network, ...] = ()
    allowed = reader.parsed(
        "SEGIN_KANNEL_ALLOW", nowhere, _networks, "addresses or networks such as 10.0.0.0/8, commas between"
    )
    if not found:
        return None
    if not _SAFE.fullmatch(found["SEGIN_KANNEL_SECRET"]):
        # It stands in an address in which Kannel replaces every %x by a value of its own.
        reader.problems.append("SEGIN_KANNEL_SECRET may only hold letters, digits and . _ ~ - (a comma between two).")
    return Kannel(
        send_url=found["SEGIN_KANNEL_SEND_URL"],
        username=found["SEGIN_KANNEL_USERNAME"],
        password=found["SEGIN_KANNEL_PASSWORD"],
        secret=found["SEGIN_KANNEL_SECRET"],
        sender=found["SEGIN_KANNEL_FROM"],
        a_second=a_second,
        callback_url=callback_url,
        status_url=status_url,
        allowed=allowed,
    )


def read_smsgate(reader: Reader) -> SmsGate | None:
    """Read the settings of SMSGate; None when there are none."""
    found = reader.together("SMSGate", SMSGATE)
    sim = reader.parsed("SEGIN_SMSGATE_SIM", None, _sim, "1, 2 or 3")
    if not found:
        return None
    return SmsGate(
        api_url=found["SEGIN_SMSGATE_API_URL"].rstrip("/"),
        username=found["SEGIN_SMSGATE_USERNAME"],
        password=found["SEGIN_SMSGATE_PASSWORD"],
        signing_key=found["SEGIN_SMSGATE_SIGNING_KEY"],
        sim=sim,
    )


def _sim(value: str) -> int:
    if value not in ("1", "2", "3"):
        raise ValueError
    return int(value)


def read_ways(reader: Reader) -> tuple[Way, ...]:
    """Read which provider serves whom at which price; () leaves each with everybody at the common price."""
    none: tuple[Way, ...] = ()
    expected = (
        "provider:operators:price, commas between, as in kannel:orange:15,smsgate:moov+telecel:10,twilio::75; "
        f"the providers are {', '.join(CARRIES)}, the operators {', '.join(OPERATORS)}"
    )
    return reader.parsed("SEGIN_WAYS", none, _ways, expected)


def _ways(value: str) -> tuple[Way, ...]:
    return tuple(_way(part.strip()) for part in value.split(",") if part.strip())


def _way(text: str) -> Way:
    provider, operators, price = text.split(":")
    if provider not in CARRIES:
        raise ValueError
    names = [name.strip().lower() for name in operators.split("+") if name.strip()]
    if not OPERATORS.keys() >= set(names):
        raise ValueError
    return Way(provider, CARRIES[provider], frozenset(OPERATORS[name] for name in names), int(price))


def _rate(value: str) -> float:
    rate = float(value)
    if not 1 <= rate <= 1000:  # noqa: PLR2004 - fewer would outlast the lease of a slice
        raise ValueError
    return rate


def _networks(value: str) -> tuple[Network, ...]:
    return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
