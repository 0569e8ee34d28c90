"""What the provider refuses at once, in its order, and with which code."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import phonenumbers
from werkzeug.datastructures import MultiDict

if TYPE_CHECKING:
    from tests.twilio_stand_in.account import Account

E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(eq=False)
class Refusal(Exception):
    """An error answer."""

    code: int
    message: str
    status: int = 400

    def to_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


Form = MultiDict[str, str]
Check = Callable[["Account", Form], bool]


def _country(account: "Account", form: Form) -> bool:
    number = phonenumbers.parse(form["To"].removeprefix("whatsapp:"), None)
    return not _whatsapp(form) and phonenumbers.region_code_for_number(number) not in account.countries


def _whatsapp(form: Form) -> bool:
    return form.get("To", "").startswith("whatsapp:")


def _foreign_sender(account: "Account", form: Form) -> bool:
    return form.get("From", "") not in {"", *account.senders}


TABLE: tuple[tuple[Check, int, str], ...] = (
    (lambda _, form: not form.get("To"), 21604, "A 'To' phone number is required."),
    (
        lambda _, form: not _whatsapp(form) and not E164.fullmatch(form["To"]),
        21211,
        "The 'To' number is not a valid phone number.",
    ),
    (
        lambda _, form: not (form.get("From") or form.get("MessagingServiceSid")),
        21603,
        "A 'From' phone number is required.",
    ),
    (
        lambda _, form: not (form.get("Body") or form.getlist("MediaUrl") or form.get("ContentSid")),
        21602,
        "Message body is required.",
    ),
    (
        lambda _, form: len(form.get("Body", "")) > 1600,
        21617,
        "The concatenated message body exceeds the limit.",
    ),
    (
        lambda account, form: _whatsapp(form) and _foreign_sender(account, form),
        63007,
        "Twilio could not find a Channel with the specified From address.",
    ),
    (_foreign_sender, 21606, "The 'From' number is not a valid sender for this account."),
    (
        lambda account, form: form["To"] in account.opted_out,
        21610,
        "Attempt to send to unsubscribed recipient.",
    ),
    (
        lambda account, form: form["To"] in account.landlines,
        21614,
        "'To' number is not a valid mobile number.",
    ),
    (_country, 21408, "Permission to send an SMS has not been enabled for the region."),
)


def refusal(account: "Account", form: Form) -> Refusal | None:
    """Return the first thing that is wrong with a message to be sent."""
    return next((Refusal(code, message) for check, code, message in TABLE if check(account, form)), None)
