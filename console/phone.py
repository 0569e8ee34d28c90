"""The phone simulator: a basic phone and a WhatsApp look, side by side, one person on both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from bot.core.drawing import svg
from bot.core.hours import BAMAKO
from bot.core.messages import Address, Channel
from bot.core.phones import parse
from bot.ports import Known, LoggedMessage
from bot.service.brain import Brain
from bot.service.receive_message import Ports
from bot.simulator import PROVIDER, Phone, ShiftedClock

NUMBER = "+22376000001"
MAX_TEXT = 1600  # what Twilio would hand us at most
LANGUAGES = {"fr": "Français", "bm": "Bamanankan"}
STAGE_DAYS = (0, 1, 3, 7, 30)  # how far the clock can be set forward, in days


@dataclass(frozen=True, slots=True)
class Scene:
    """What the page's address says: who writes, and how far the clock is set forward."""

    number: str
    hour: int | None
    days: int

    def query(self) -> str:
        """Write the scene as a query string."""
        parts = {"number": self.number, "days": self.days, **({"hour": self.hour} if self.hour is not None else {})}
        return urlencode(parts)


def blueprint(brain: Callable[[], Brain], ports: Callable[[], Ports], *, fcfa_a_segment: int) -> Blueprint:
    """Return the simulator's pages under /phone; registered only where the simulator is enabled."""
    pages = Blueprint("phone", __name__, url_prefix="/phone", template_folder="templates", static_folder="static")

    @pages.get("/")
    def show() -> str:
        scene = _scene()
        here = _with_clock(ports(), scene)
        known = _known(here, scene)
        return render_template(
            "phone.html",
            scene=scene,
            now=here.clock.now().astimezone(BAMAKO),
            messages=here.store.messages(known.person.id) if known.person else (),
            drawing=_drawing(brain(), known),
            stages=STAGE_DAYS,
            languages=LANGUAGES,
            cost=lambda message: message.segments * fcfa_a_segment,
            units=_units,
        )

    @pages.post("/<any(sms,whatsapp):channel>")
    def write(channel: Channel) -> Response:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)
        scene = _scene()
        here = _with_clock(ports(), scene)
        phone = Phone(brain(), here, channel, scene.number)
        if request.form.get("content") == "voice_note":
            phone.write("", content="voice_note")
        else:
            phone.write(request.form.get("text", "")[:MAX_TEXT])
        return redirect(f"/phone/?{scene.query()}#end", code=303)

    return pages


def _scene() -> Scene:
    source = request.values
    phone = parse(source.get("number", NUMBER))
    hour, days = source.get("hour", ""), source.get("days", "0")
    return Scene(
        number=phone.e164 if phone else NUMBER,
        hour=int(hour) % 24 if hour.isdigit() else None,
        days=int(days) if days.isdigit() and int(days) in STAGE_DAYS else 0,
    )


def _with_clock(ports: Ports, scene: Scene) -> Ports:
    now = ports.clock.now().astimezone(BAMAKO)
    hours = 0 if scene.hour is None else scene.hour - now.hour
    return ports.with_clock(ShiftedClock(ports.clock, timedelta(days=scene.days, hours=hours)))


def _known(ports: Ports, scene: Scene) -> Known:
    return ports.store.look_up(
        Address("sms", scene.number), provider=PROVIDER, provider_id="", text="", now=ports.clock.now()
    )


def _drawing(brain: Brain, known: Known) -> Markup | None:
    stack = known.state["stack"] if known.state else []
    if not stack:
        return None
    flow = brain.assistant.flows.get(stack[-1]["flow"])
    return Markup(svg(flow, lit=stack[-1]["step"])) if flow else None  # noqa: S704 drawn and escaped by us


def _units(message: LoggedMessage) -> int:
    from bot.core.sms_text import size  # noqa: PLC0415

    return size(message.text).units
