"""Three people and what they write, for the tests of the store."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.adapters.keys import Keys
from bot.core.cases import Case, reference
from bot.core.messages import Address, Incoming, Status
from bot.ports import OutgoingRow, Store

KEYS = Keys(encryption=(b"e" * 32,), index=(b"i" * 32,))
AWA = Address("sms", "+22370000001")  # lives in Kayes, has a phone of her own
MOUSSA = Address("sms", "+22370000002")  # shares a phone
FANTA = Address("whatsapp", "+22370000003")  # writes by WhatsApp only
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

_numbers = itertools.count()


def message(sender: Address = AWA, text: str = "g perdu ma kart", *, sid: str | None = None, at=NOW) -> Incoming:
    return Incoming("twilio", sid or f"SM{next(_numbers)}", sender, "+22320000000", text, at)


def row(person_id: str | None = "awa", *, row_id: str | None = None, **changes) -> OutgoingRow:
    made = OutgoingRow(
        id=row_id or f"out{next(_numbers)}",
        person_id=person_id,
        to=AWA,
        provider="twilio",
        kind="reply",
        route="rest",
        text="Bonjour, ici Segin.",
        response="utter_greet",
        language="fr",
        encoding="GSM-7",
        segments=1,
        status=Status.QUEUED,
        created_at=NOW,
    )
    return replace(made, **changes)


def case(person_id: str = "awa", *, number: int = 7, **changes) -> Case:
    made = Case(
        id=f"case{next(_numbers)}",
        reference=reference(number),
        person_id=person_id,
        kind="lost_document",
        priority="P3",
        status="open",
        sensitive=False,
        opened_at=NOW,
        words=("passeport",),
        note={"place": "Kita"},
    )
    return replace(made, **changes)


def meet(store: Store, person_id: str = "awa", address: Address = AWA, *, now=NOW) -> None:
    with store.write() as tx:
        tx.ensure_person(person_id, address, now=now)


def look_up(store: Store, sender: Address = AWA, *, sid: str = "SM-new", text: str = "", now=NOW):
    return store.look_up(sender, provider="twilio", provider_id=sid, text=text, now=now)
