"""The web application: every blueprint that this installation serves."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, redirect, url_for

from bot.adapters.redis_server import answers
from bot.adapters.sql.tally import tally
from bot.config import Settings
from bot.house import House
from bot.service.call_person import end_call, number_for
from bot.service.note_call import note_call
from bot.service.receive_from_gateway import receive_from_gateway
from bot.service.receive_message import receive_message, repeatable
from bot.service.take_status import take_status
from bot.service.watch_providers import by_provider
from console.manners import dress
from webhooks import calls, health, kannel, smsgate, twilio, twilio_call

KEPT = 3600  # seconds that a browser keeps scripts and styles unasked: a weak link pays for each question


def create_app(house: House) -> Flask:
    """Make the application of one web process."""
    app = Flask("segin", static_folder=None)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEPT
    app.after_request(dress)  # also what no page answers: errors, webhooks, metrics
    app.url_defaults(lambda endpoint, values: _versioned(app, endpoint, values))
    app.register_blueprint(_health(house))
    app.register_blueprint(_twilio(house))
    app.register_blueprint(_twilio_call(house))
    app.register_blueprint(_kannel(house))
    app.register_blueprint(_calls(house))
    app.register_blueprint(_smsgate(house))
    app.register_blueprint(_console(house))
    if house.settings.phone_page:
        from console import phone  # noqa: PLC0415 - a demonstration's page

        app.add_url_rule("/", "home", lambda: redirect(url_for("phone.show")))
        app.register_blueprint(
            phone.blueprint(
                lambda: house.brain,
                lambda: house.ports,
                lambda: house.check_in_desk,
                fcfa_a_segment=house.settings.sms_cost_fcfa,
            )
        )
    return app


def _versioned(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    """Put the content of a script or style into its address, so that an upgrade shows at once."""
    name, _, last = endpoint.rpartition(".")
    folder = app.blueprints[name].static_folder if last == "static" else None
    if folder:
        values["v"] = _digest(Path(folder, values["filename"]))


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else ""


def _console(house: House) -> Blueprint:
    from console import desk  # noqa: PLC0415 - half of all imports; webhooks must not wait for them at the start

    return desk.blueprint(house)


def _health(house: House) -> Blueprint:
    checks = health.Checks(storage=house.ports.store.ready, queue=lambda: answers(house.queue_url))
    return health.blueprint(checks, lambda: {**tally(house.database), **by_provider(house.look())})


def _twilio_line(settings: Settings) -> twilio.Line:
    return twilio.Line(
        public_url=settings.public_url,
        account_sid=settings.twilio.account_sid if settings.twilio else None,
        tokens=settings.twilio.tokens if settings.twilio else (),
        allow_unsigned=settings.allow_unsigned,
    )


def _twilio_call(house: House) -> Blueprint:
    account = house.settings.twilio
    cases = twilio_call.CallCases(
        number=lambda call_id: number_for(house.telephone, call_id),
        end=lambda call_id, status, seconds: end_call(house.telephone, call_id, status, seconds),
    )
    voice_from = account.voice_from if account else None
    return twilio_call.blueprint(_twilio_line(house.settings), cases, voice_from=voice_from or "")


def _twilio(house: House) -> Blueprint:
    ports = house.ports
    return twilio.blueprint(
        _twilio_line(house.settings),
        twilio.UseCases(
            receive=lambda incoming: repeatable(receive_message(house.brain, ports, incoming).rows),
            report=lambda report: take_status(ports.store, ports.clock, report),
            call=lambda incoming: note_call(ports, house.calls, incoming, deadlines=house.brain.deadlines),
            now=ports.clock.now,
        ),
    )


def _kannel(house: House) -> Blueprint:
    account = house.settings.kannel
    line = kannel.Line(account.secrets, account.allowed) if account else kannel.Line()
    return kannel.blueprint(line, _kannel_cases(house))


def _kannel_cases(house: House) -> kannel.UseCases:
    ports = house.ports
    return kannel.UseCases(
        receive=lambda one: receive_from_gateway(house.brain, ports, one.incoming, twin=one.twin),
        report=lambda report: take_status(ports.store, ports.clock, report, house.elsewhere),
        call=lambda incoming: note_call(ports, house.calls, incoming, deadlines=house.brain.deadlines),
        now=ports.clock.now,
    )


def _calls(house: House) -> Blueprint:
    account, phone = house.settings.kannel, house.settings.smsgate
    secrets = (*(account.secrets if account else ()), *(phone.keys if phone else ()))
    return calls.blueprint(kannel.Line(secrets, account.allowed if account else ()), _kannel_cases(house))


def _smsgate(house: House) -> Blueprint:
    account, ports = house.settings.smsgate, house.ports
    return smsgate.blueprint(
        smsgate.Line(account.keys if account else ()),
        smsgate.UseCases(
            receive=lambda incoming: receive_from_gateway(house.brain, ports, incoming),
            report=lambda report: take_status(ports.store, ports.clock, report, house.elsewhere),
            now=ports.clock.now,
        ),
    )
