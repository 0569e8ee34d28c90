"""The phone simulator: a basic phone and a WhatsApp look, side by side, one person on both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bot.core.assistant import Assistant
from bot.core.commands import Begin, Start
from bot.core.conversation import State
from bot.core.drawing import svg
from bot.core.drawing_words import Words
from bot.core.flow import Flow
from bot.core.hours import BAMAKO
from bot.core.messages import Address, Channel, Choice, ContentKind
from bot.core.payloads import commands_of
from bot.core.sms_text import size
from bot.core.speech import title
from bot.ports import Known, LoggedMessage, StorageAway
from bot.service.brain import Brain
from bot.service.plan_check_ins import plan_check_ins
from bot.service.ports import Ports
from bot.service.send_check_ins import CheckInDesk, send_check_ins
from bot.simulator import PROVIDER, Phone, ShiftedClock
from console import phone_memory
from console.manners import dress, from_elsewhere
from console.phone_memory import Wrote
from console.scene import COOKIE, STAGES, NoNumber, Scene, later

MAX_TEXT = 1600  # what Twilio would hand us at most
LARGEST_FORM = 64 * 1024
TRIES = 50  # for a number that nobody has used
WHATSAPP_PRICE = "0,005 $"  # Twilio's price of a WhatsApp message each way, inside the 24 hours after the person's last
LANGUAGES = {"fr": "Français", "bm": "Bamanankan"}
SENTENCES = {
    "number": "Ce n'est pas un numéro de téléphone : écrivez par exemple 76 00 00 02 ou +212 6 12 34 56 78.",
    "away": "La base de données ne répond pas ; rien n'est perdu : réessayez dans un instant.",
    "elsewhere": "Ce formulaire ne vient pas de cette page, ou son cookie est refusé : ouvrez d'abord /phone/.",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the number of a scene, on the scene's clock."""

    scene: Scene
    ports: Ports
    known: Known
    messages: Sequence[LoggedMessage]
    staff: str = ""  # whose of the team the number is

    @property
    def now(self) -> datetime:
        """Return the phone's time, in Bamako."""
        return self.ports.clock.now().astimezone(BAMAKO)

    @property
    def state(self) -> State:
        """Return where the conversation stands."""
        return State.from_json(self.known.state) if self.known.state else State.new()


def blueprint(
    brain: Callable[[], Brain], ports: Callable[[], Ports], desk: Callable[[], CheckInDesk], *, fcfa_a_segment: int
) -> Blueprint:
    """Return the simulator's pages under /phone; registered only where the simulator is enabled."""
    pages = Blueprint("phone", __name__, url_prefix="/phone", template_folder="templates", static_folder="static")
    pages.before_request(_refuse_others)
    pages.after_request(dress)
    pages.register_error_handler(StorageAway, lambda _: _refusal("away", 503))
    pages.add_url_rule("/", "show", lambda: _show(brain(), ports(), fcfa_a_segment), strict_slashes=False)
    pages.add_url_rule("/scene", "stage", lambda: _stage(ports(), desk()), methods=["POST"])
    pages.add_url_rule(
        "/<any(sms,whatsapp):channel>", "write", lambda channel: _write(brain(), ports(), channel), methods=["POST"]
    )
    return pages


def _refuse_others() -> None:
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM
    if request.method == "POST" and from_elsewhere(request, cookie=COOKIE):
        abort(_refusal("elsewhere", 403))


def _refusal(sentence: str, status: int) -> Response:
    return Response(f"{SENTENCES[sentence]}\n", status, mimetype="text/plain")


def _show(brain: Brain, ports: Ports, fcfa_a_segment: int) -> AnyResponse:
    seen = _look(ports, _scene())
    page = render_template(
        "phone.html",
        seen=seen,
        state=seen.state,
        choices=_choices(brain, seen),
        flow=_flow(brain, seen.state),
        leads=_leads(brain, seen.state),
        drawing=_drawing(brain, seen.state),
        stages=STAGES,
        languages=LANGUAGES,
        problem=SENTENCES["number"] if "problem" in request.args else None,
        price=lambda message: _price(message, fcfa_a_segment),
        bamako=BAMAKO,
    )
    return _remember(make_response(page), seen.scene)


def _stage(ports: Ports, desk: CheckInDesk) -> AnyResponse:
    """Change the number or let time pass; what is due by then arrives."""
    scene = _scene()
    if "fresh" in request.form:
        return _back(_unused(ports))
    try:
        scene = scene.called(request.form.get("number", ""))
    except NoNumber:
        return redirect(url_for("phone.show", problem="number"), code=303)
    moment = later(_look(ports, scene).ports.clock.now(), request.form)
    seen = _look(ports, scene.at(moment, real=ports.clock.now()))
    if seen.known.person:
        plan_check_ins(desk.brain, ports, desk.check_ins)  # on the real clock: it plans for everybody
        send_check_ins(replace(desk, ports=seen.ports), only=seen.known.person.id)
    Phone(desk.brain, seen.ports, "sms", seen.scene.number).reminders()
    return _back(seen.scene)


def _write(brain: Brain, ports: Ports, channel: Channel) -> AnyResponse:
    scene, form = _scene(), request.form
    seen = _look(ports, scene)
    phone = Phone(brain, seen.ports, channel, scene.number)
    content: ContentKind = "voice_note" if form.get("quick") == "voice_note" else "text"
    text = LANGUAGES.get(form.get("quick", "")) or form.get("text", "").replace("\r\n", "\n")
    text = text[:MAX_TEXT] if content == "text" else ""
    wrote = Wrote(scene.number, channel, int(seen.ports.clock.now().timestamp() * 1000), content, text)
    taken = phone.write(text, content=content, payload=form.get("payload", "")[:MAX_TEXT] or None)
    kept = seen.staff and taken.decision is None  # nowhere else: Segin keeps no words of staff
    answer = _back(scene)
    return _keep(answer, phone_memory.COOKIE, phone_memory.write((*_wrote(), wrote))) if kept else answer


def _back(scene: Scene) -> AnyResponse:
    return _remember(redirect(url_for("phone.show"), code=303), scene)


def _remember(answer: AnyResponse, scene: Scene) -> AnyResponse:
    return _keep(answer, COOKIE, scene.cookie())


def _keep(answer: AnyResponse, name: str, value: str) -> AnyResponse:
    answer.set_cookie(name, value, path="/phone", httponly=True, samesite="Strict", secure=request.is_secure)
    return answer


def _scene() -> Scene:
    return Scene.read(request.cookies.get(COOKIE, ""))


def _wrote() -> tuple[Wrote, ...]:
    return phone_memory.read(request.cookies.get(phone_memory.COOKIE, ""))


def _look(ports: Ports, scene: Scene) -> Seen:
    """Look the number up; its clock is never behind its newest message, or the screen would lose its order."""
    real = ports.clock.now()
    known = _known(ports, scene.number, real)
    messages = _messages(ports, known, scene.number)
    shift = timedelta(minutes=scene.ahead)
    if messages and messages[-1].at >= real + shift:
        shift = messages[-1].at - real + timedelta(seconds=1)
    account = ports.store.duty.account(known.staff_id) if known.staff_id else None
    staff = account.staff.name if account else ""
    return Seen(scene, ports.with_clock(ShiftedClock(ports.clock, shift)), known, messages, staff)


def _messages(ports: Ports, known: Known, number: str) -> Sequence[LoggedMessage]:
    """Return what stands on the telephone: the person's conversation, and what is nobody's, as all is of staff."""
    theirs = ports.store.messages(known.person.id) if known.person else ()
    if known.person and not known.staff_id:
        return theirs
    wrote = [one.logged() for one in _wrote() if one.number == number]
    return sorted((*theirs, *wrote, *ports.store.sent_to(number)), key=lambda one: one.at)


def _known(ports: Ports, number: str, now: datetime) -> Known:
    return ports.store.look_up(Address("sms", number), provider=PROVIDER, provider_id="", text="", now=now)


def _unused(ports: Ports) -> Scene:
    numbers = (f"+223760{ports.ids.number(100_000):05}" for _ in range(TRIES))
    known = ((number, _known(ports, number, ports.clock.now())) for number in numbers)
    return next((Scene(number) for number, one in known if not (one.person or one.staff_id)), Scene())


def _choices(brain: Brain, seen: Seen) -> tuple[Choice, ...]:
    """Return the last menu's choices in the person's words, as buttons of the phone that it came to."""
    if not seen.messages or seen.messages[-1].channel != "whatsapp":
        return ()
    language = seen.state.lang or "fr"
    return tuple(Choice(title(brain.assistant, one.title, language), one.payload) for one in seen.state.menu)


def _flow(brain: Brain, state: State) -> Flow | None:
    return brain.assistant.flows.get(state.stack[-1].flow) if state.stack else None


def _drawing(brain: Brain, state: State) -> Markup | None:
    flow = _flow(brain, state)
    if flow is None:
        return None
    known = brain.assistant
    words = Words(known.texts["fr"], known.domain.responses, known.flows, known.facts.values())
    return Markup(svg(flow, words, lit=state.stack[-1].step))  # noqa: S704 - drawn and escaped by us


def _leads(brain: Brain, state: State) -> list[tuple[str, str]]:
    """Say where each digit of the last menu leads while no conversation is open: [(title, conversation's name)]."""
    if state.stack or state.paused:
        return []
    known = brain.assistant
    flows = [known.flows.get(_aim(known, choice)) for choice in state.menu]
    titles = [title(known, choice.title, "fr") for choice in state.menu]
    return [(words, flow.name) for words, flow in zip(titles, flows, strict=True) if flow] if all(flows) else []


def _aim(assistant: Assistant, choice: Choice) -> str:
    match commands_of(choice.payload):
        case (Begin(flow=flow),):
            return flow
        case (Start(intent=intent),):
            return assistant.triggers.get(intent, "")
    return ""


def _price(message: LoggedMessage, fcfa_a_segment: int) -> dict[str, Any]:
    """Say what a message of ours is made of: characters as they are billed, parts, and what it costs us."""
    if message.channel == "sms":
        sent = f"{message.segments} SMS"
        return {"units": size(message.text).units, "sent": sent, "cost": f"{message.segments * fcfa_a_segment} F CFA"}
    return {"units": len(message.text), "sent": "1 message", "cost": WHATSAPP_PRICE}
