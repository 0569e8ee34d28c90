"""The REST API of the stand-in."""

import hmac
import socket
import threading
from collections.abc import Callable

from flask import Flask, Response, jsonify, request

from tests.twilio_stand_in import spec
from tests.twilio_stand_in.account import Account, read_date
from tests.twilio_stand_in.messages import Message
from tests.twilio_stand_in.page import add_page
from tests.twilio_stand_in.refusals import Refusal

TOO_MANY = 429
ROOT = "/2010-04-01/Accounts/<account_sid>/Messages"


def api(account: Account, *, made: Callable[[Message], None], released: threading.Event) -> Flask:
    """Make the API. `made` is called with each new message before it is answered; `released` ends a hanging call."""
    app = Flask("twilio_stand_in")
    app.register_error_handler(Refusal, _refused)
    app.before_request(lambda: _authenticate(account))
    add_page(app, account)
    app.add_url_rule(f"{ROOT}.json", "create", lambda account_sid: _create(account, made, released), methods=["POST"])
    app.add_url_rule(f"{ROOT}.json", "list", lambda account_sid: _list(account, released), methods=["GET"])
    app.add_url_rule(f"{ROOT}/<sid>.json", "fetch", lambda account_sid, sid: jsonify(_message(account, sid).to_json()))
    app.add_url_rule(
        f"{ROOT}/<sid>.json", "update", lambda account_sid, sid: _update(account, sid, released), methods=["POST"]
    )
    app.add_url_rule(f"{ROOT}/<sid>.json", "delete", lambda account_sid, sid: _delete(account, sid), methods=["DELETE"])
    return app


def _refused(refusal: Refusal) -> tuple[dict[str, object], int, dict[str, str]]:
    return refusal.to_json(), refusal.status, {"Retry-After": "7"} if refusal.status == TOO_MANY else {}


def _authenticate(account: Account) -> None:
    if request.endpoint in ("bytes", "page"):  # the store behind the API, whose addresses are secrets themselves
        return
    given = request.authorization
    password = (given.password or "") if given else ""
    known = any(hmac.compare_digest(password.encode(), token.encode()) for token in account.tokens)
    ours = given is not None and given.username == account.sid == (request.view_args or {}).get("account_sid")
    if not (known and ours):
        raise Refusal(20003, "Authenticate", 401)


def _fault(account: Account, released: threading.Event) -> str | None:
    """Meet the next injected fault; those after accepting are returned."""
    fault = account.faults.popleft() if account.faults else None
    if fault == "500":
        raise Refusal(20500, "Internal Server Error", 500)
    if fault == "429":
        raise Refusal(20429, "Too Many Requests", 429)
    if fault == "hang":
        released.wait(30)
    return fault


def _create(account: Account, made: Callable[[Message], None], released: threading.Event) -> Response:
    fault = _fault(account, released)
    spec.check_request(spec.MESSAGES, request.form)
    message = account.create(request.form)
    answer = jsonify(message.to_json())
    answer.status_code = 201
    made(message)
    if fault == "close":
        _cut_the_line()
    if fault == "500 after accepting":
        raise Refusal(20500, "Internal Server Error", 500)
    return answer


def _cut_the_line() -> None:
    line: socket.socket = request.environ["werkzeug.socket"]
    line.shutdown(socket.SHUT_RDWR)


def _list(account: Account, released: threading.Event) -> Response:
    _fault(account, released)
    asked = request.args
    found = account.listed(to=asked.get("To"), sender=asked.get("From"), after=read_date(asked.get("DateSent>", "")))
    size, page = int(asked.get("PageSize", 50)), int(asked.get("Page", 0))
    shown = found[page * size : (page + 1) * size]
    uri = f"/2010-04-01/Accounts/{account.sid}/Messages.json?PageSize={size}"
    filters = "".join(f"&{name}={value}" for name, value in asked.items() if name in {"To", "From"})
    more = len(found) > (page + 1) * size
    return jsonify(
        {
            "messages": [message.to_json() for message in shown],
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
            "uri": f"{uri}&Page={page}",
            "first_page_uri": f"{uri}&Page=0",
            "previous_page_uri": f"{uri}&Page={page - 1}" if page else None,
            "next_page_uri": f"{uri}&Page={page + 1}{filters.replace('+', '%2B')}" if more else None,
        }
    )


def _message(account: Account, sid: str) -> Message:
    if sid not in account.messages:
        raise Refusal(20404, f"The requested resource /Messages/{sid}.json was not found", 404)
    return account.messages[sid]


def _update(account: Account, sid: str, released: threading.Event) -> Response:
    """Redact (an empty Body) or cancel (Status)."""
    _fault(account, released)
    message = _message(account, sid)
    spec.check_request(spec.MESSAGE, request.form)
    if request.form.get("Status") == "canceled":
        account.cancel(message)
    if request.form.get("Body") == "":
        message.body = ""
    return jsonify(message.to_json())


def _delete(account: Account, sid: str) -> Response:
    del account.messages[_message(account, sid).sid]
    return Response(status=204)
