"""Calls that we begin, and the attachments of messages: REST API, TwiML that is obeyed, what a telephone does."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from xml.etree import ElementTree as ET

from flask import Flask, Response, jsonify, redirect, request

from tests.twilio_stand_in import spec
from tests.twilio_stand_in.account import Account
from tests.twilio_stand_in.knocks import Knocker
from tests.twilio_stand_in.refusals import E164, Refusal

ROOT = "/2010-04-01/Accounts/<account_sid>"
Ends = Literal["completed", "busy", "no-answer", "failed", "canceled"]


@dataclass
class Call:
    """A call resource, and where its legs went."""

    sid: str
    to: str
    sender: str
    url: str
    status_callback: str
    dialled: list[tuple[str, str]] = field(default_factory=list)  # (number, caller id)


@dataclass
class Switchboard:
    """The calls and attachments of an account. `verified`: numbers that may stand as the caller."""

    account: Account
    verified: set[str]
    calls: list[Call] = field(default_factory=list)
    media: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)  # (message, medium): type, bytes
    onward: str = ""  # where one is sent on to, instead of where the bytes are
    fetched: list[bool] = field(default_factory=list)  # for each fetch of bytes: whether it carried credentials
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add_to(self, app: Flask) -> None:
        """Serve calls and attachments."""
        app.add_url_rule(f"{ROOT}/Calls.json", "call", lambda account_sid: self._create(), methods=["POST"])
        medium = f"{ROOT}/Messages/<sid>/Media/<medium>"
        app.add_url_rule(medium, "media", lambda account_sid, sid, medium: self._to_bytes(sid, medium))
        app.add_url_rule(
            f"{medium}.json", "drop", lambda account_sid, sid, medium: self._drop(sid, medium), methods=["DELETE"]
        )
        app.add_url_rule(f"{ROOT}/Messages/<sid>/Media.json", "all_media", lambda account_sid, sid: self._listed(sid))
        app.add_url_rule("/bytes/<sid>/<medium>", "bytes", self._bytes)

    def attach(self, message_sid: str, content_type: str, content: bytes) -> str:
        """Keep an attachment and return its address, as a webhook names it."""
        medium = f"ME{next(self._numbers):032x}"
        self.media[message_sid, medium] = (content_type, content)
        return f"https://api.twilio.com/2010-04-01/Accounts/{self.account.sid}/Messages/{message_sid}/Media/{medium}"

    def pick_up(self, knocker: Knocker, call: Call, *, presses: str = "1", then: Ends = "completed") -> None:
        """Let the caseworker take the call and press a key; the person's telephone then does what `then` says."""
        gather = _verb(knocker, call.url, self._form(call, "in-progress"), "Gather")
        if gather is not None and presses:
            form = self._form(call, "in-progress") | {"Digits": presses}
            dial = _verb(knocker, gather.attrib["action"], form, "Dial")
            if dial is not None:
                number = "".join(dial.itertext())
                call.dialled.append((number, dial.attrib["callerId"]))
                spoken = {"DialCallStatus": then, "DialCallDuration": "90" if then == "completed" else "0"}
                knocker.knock(dial.attrib["action"], self._form(call, "in-progress") | spoken)
        knocker.knock(call.status_callback, self._form(call, "completed"))

    def leave_it(self, knocker: Knocker, call: Call) -> None:
        """Let the caseworker's telephone ring out."""
        knocker.knock(call.status_callback, self._form(call, "no-answer"))

    def _form(self, call: Call, status: str) -> dict[str, str]:
        form = {"CallSid": call.sid, "AccountSid": self.account.sid, "From": call.sender, "To": call.to}
        return form | {"CallStatus": status, "ApiVersion": "2010-04-01", "Direction": "outbound-api"}

    def _create(self) -> tuple[Response, int]:
        spec.check_request(spec.CALLS, request.form)
        form = request.form
        for wrong, code, text in (
            (not E164.fullmatch(form.get("To", "")), 21211, "Invalid 'To' Phone Number"),
            (form.get("From", "") not in self.verified, 21210, "'From' phone number not verified"),
            (not (form.get("Url") or form.get("Twiml")), 21205, "Url parameter is required."),
        ):
            if wrong:
                raise Refusal(code, text)
        sid = f"CA{next(self._numbers):032x}"
        call = Call(sid, form["To"], form["From"], form.get("Url", ""), form.get("StatusCallback", ""))
        self.calls.append(call)
        return jsonify({"sid": sid, "account_sid": self.account.sid, "to": call.to, "from": call.sender}), 201

    def _to_bytes(self, sid: str, medium: str) -> Response:
        if (sid, medium) not in self.media:
            raise Refusal(20404, "The requested resource was not found", 404)
        return redirect(self.onward or f"/bytes/{sid}/{medium}", 307)  # type: ignore[return-value]

    def _bytes(self, sid: str, medium: str) -> Response:
        self.fetched.append(request.authorization is not None)
        kind, content = self.media[sid, medium]
        return Response(content, content_type=kind)

    def _listed(self, sid: str) -> Response:
        if sid not in self.account.messages:
            raise Refusal(20404, "The requested resource was not found", 404)
        base = f"/2010-04-01/Accounts/{self.account.sid}/Messages/{sid}/Media"
        uri = f"{base}.json"
        found = [
            {"sid": medium, "parent_sid": sid, "content_type": kind, "uri": f"{base}/{medium}.json"}
            for (message, medium), (kind, _) in self.media.items()
            if message == sid
        ]
        page = {"page": 0, "page_size": 50, "start": 0, "end": len(found), "uri": uri, "first_page_uri": uri}
        return jsonify({"media_list": found, "next_page_uri": None, "previous_page_uri": None, **page})

    def _drop(self, sid: str, medium: str) -> Response:
        if self.media.pop((sid, medium), None) is None:
            raise Refusal(20404, "The requested resource was not found", 404)
        return Response(status=204)


def _verb(knocker: Knocker, url: str, form: dict[str, str], name: str) -> ET.Element | None:
    """Ask a webhook what to do and return its verb of this name."""
    answer = knocker.knock(url, form)[-1]
    return ET.fromstring(answer.body).find(name) if answer.status == 200 else None  # noqa: S314 - our own answer
