"""A stateful stand-in of Twilio on this machine: REST API, signed call-backs, incoming messages, calls, faults."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from xml.etree import ElementTree as ET

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.twilio_stand_in.account import Account
from tests.twilio_stand_in.api import api
from tests.twilio_stand_in.knocks import Answer, Knocker, Post, over_the_wire
from tests.twilio_stand_in.messages import Message
from tests.twilio_stand_in.voice import Switchboard

ACCOUNT_SID = "AC" + "0" * 31 + "1"
TOKEN = "token-of-the-stand-in"
SMS_NUMBER = "+33700000001"
VOICE_NUMBER = "+33700000003"
WHATSAPP_NUMBER = "whatsapp:+33700000002"

Manner = Literal["in order", "doubled", "backwards"]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Addresses hold numbers; they are not logged."""


@dataclass
class StandIn:
    """Twilio, played. Status call-backs go out when `report` is called, or at the moment that `reports` names."""

    account: Account
    knocker: Knocker
    reports: Literal["on request", "before the answer"] = "on request"
    url: str = ""
    lost_webhooks: int = 0  # so many of the next incoming messages never reach us
    answers: list[Answer] = field(default_factory=list)  # what our webhooks answered, oldest first
    switchboard: Switchboard = field(init=False)
    _released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Connect calls and attachments with the account."""
        self.switchboard = Switchboard(self.account, {VOICE_NUMBER})

    @contextmanager
    def running(self, port: int = 0) -> Iterator["StandIn"]:
        """Serve the API and the page on a loopback port (0: a free one) for as long as the block lasts."""
        app = api(self.account, made=self._made, released=self._released)
        self.switchboard.add_to(app)
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.let_go()
            server.shutdown()
            thread.join()
            server.server_close()

    def let_go(self) -> None:
        """End the calls that hang."""
        self._released.set()

    def _made(self, message: Message) -> None:
        if self.reports == "before the answer":
            self.report(message)

    def report(self, *messages: Message, manner: Manner = "in order") -> None:
        """Let messages (all, when none is named) reach their end and knock with each status on the way."""
        for message in messages or tuple(self.account.outgoing()):
            steps = [*message.ends]
            message.ends = []
            forms = [self._step(message, status, code) for status, code in steps]
            order = {"in order": forms, "doubled": [form for form in forms for _ in range(2)], "backwards": forms[::-1]}
            for form in order[manner] if message.callback else []:
                self.answers.extend(self.knocker.knock(message.callback or "", form))

    def _step(self, message: Message, status: str, code: int | None) -> dict[str, str]:
        self.account.move(message, status, code)
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "AccountSid": self.account.sid,
            "From": message.sender or "",
            "To": message.to,
            "ApiVersion": "2010-04-01",
        }
        return form | ({"ErrorCode": str(code)} if code else {})

    def person_writes(self, webhook: str, body: str, *, sender: str, to: str = SMS_NUMBER, **more: str) -> Message:
        """Let a person write: knock at the webhook by its rules, and send what the answer's TwiML says."""
        message = self.account.take_in(sender=sender, to=to, body=body)
        if self.lost_webhooks:
            self.lost_webhooks -= 1
            return message
        self.knock_again(webhook, message, **more)
        return message

    def knock_again(self, webhook: str, message: Message, **more: str) -> list[Message]:
        """Knock with a message (again); return the replies that came of it."""
        answers = self.knocker.knock(webhook, _incoming_form(message) | more, idempotency=f"token-{message.sid}")
        self.answers.extend(answers)
        return self._obey(message, answers[-1])

    def _obey(self, message: Message, answer: Answer) -> list[Message]:
        if not 200 <= answer.status < 300:
            self.account.alarms.append(11200)
            return []
        if answer.status == 204:
            return []
        if "xml" not in answer.content_type:
            self.account.alarms.append(12300)
            return []
        verbs = ET.fromstring(answer.body).findall("Message")  # noqa: S314 - our own answer
        made = (self.account.reply(message, "".join(verb.itertext()), verb.get("statusCallback")) for verb in verbs)
        return [reply for reply in made if reply]

    def person_calls(self, webhook: str, *, sender: str, to: str = SMS_NUMBER, call_sid: str = "CA" + "1" * 32) -> bool:
        """Let a person call and return whether the call was answered, and so billed."""
        form = {"CallSid": call_sid, "AccountSid": self.account.sid, "From": sender, "To": to, "Caller": sender}
        form |= {"Called": to, "CallStatus": "ringing", "ApiVersion": "2010-04-01", "Direction": "inbound"}
        self.answers.extend(self.knocker.knock(webhook, form))
        answer = self.answers[-1]
        verbs = [verb.tag for verb in ET.fromstring(answer.body)] if answer.status == 200 else []  # noqa: S314 - ours
        return verbs[:1] != ["Reject"]


def _incoming_form(message: Message) -> dict[str, str]:
    sid = message.sid
    form = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "SmsStatus": "received", "NumMedia": "0"}
    form |= {"AccountSid": message.account_sid, "From": message.sender or "", "To": message.to, "Body": message.body}
    form |= {"NumSegments": "1", "ApiVersion": "2010-04-01", "ToCity": "", "FromZip": ""}
    return form | ({"WaId": (message.sender or "").removeprefix("whatsapp:+")} if message.on_whatsapp else {})


def stand_in(*, now: Callable[[], datetime], post: Post = over_the_wire) -> StandIn:
    """Make an account with an SMS number and a WhatsApp number, which may write to Mali."""
    account = Account(ACCOUNT_SID, [TOKEN], now, senders={SMS_NUMBER, WHATSAPP_NUMBER})
    return StandIn(account, Knocker(TOKEN, post))
