"""The page of a case, its live part, and the reply that is being written."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.core.cases import Case
from bot.core.staff import Role, named_in_trail
from bot.service.change_case import NoSuchCase, find_case
from bot.service.unmask import REASONS, Asked, BadReason
from console.case_view import CaseView, Form, case_view
from console.doors import Desk, Door
from console.replies import Draft, draft, with_canned

TEAM: frozenset[Role] = frozenset({"caseworker", "supervisor", "focal_point"})
EYES: frozenset[Role] = TEAM | {"partner"}


def for_my_eyes(desk: Desk, reference: str) -> Case:
    """Return the case of an address, or end the request with 404: none, or not for these eyes; nobody learns which."""
    try:
        return find_case(desk.house.ports, reference, by=desk.staff)
    except NoSuchCase:
        abort(404)


def page(view: CaseView, form: Form, *, status: int = 200, drafted: Draft | None = None) -> Response:
    """Show the case with a form that was sent, or with empty ones."""
    shown = render_template(
        "console/case.html", view=view, form=form, draft=drafted or Draft(), reasons=REASONS, open_canned=bool(drafted)
    )
    return Response(shown, status)


def counted(desk: Desk, view: CaseView, text: str) -> Draft:
    """Count a reply as it would be sent to the person of this case."""
    price = desk.house.settings.sms_cost_fcfa
    return draft(desk.house.brain, view.channel, text, fcfa=price) if view.channel and text else Draft()


def show(desk: Desk, reference: str) -> ResponseReturnValue:
    """Show a case; the audit trail keeps who looked."""
    case = for_my_eyes(desk, reference)
    desk.saw("case.view", case.id)
    return page(case_view(desk, case, everything="all" in request.args), Form())


def live(desk: Desk, reference: str) -> ResponseReturnValue:
    """Return state and conversation, or 304 without reading them while nothing has changed."""
    case = for_my_eyes(desk, reference)
    stamp = desk.house.case_reads.stamp(case)
    answer = Response(status=304)
    if not request.if_none_match.contains(stamp):
        view = case_view(desk, case)
        answer = Response(render_template("console/_live.html", view=view, fragment=True))
    answer.set_etag(stamp)
    return answer


def write(desk: Desk, reference: str) -> ResponseReturnValue:
    """Count the reply that is being written, with a ready one added if that was asked; nothing is sent."""
    case = for_my_eyes(desk, reference)
    text = with_canned(desk.house.brain.assistant, request.form.get("text", ""), request.form.get("canned", ""))
    view = case_view(desk, case)
    form = Form("answer", {**request.form.to_dict(), "text": text})
    if "HX-Request" in request.headers:
        return render_template("console/_draft.html", view=view, form=form, draft=counted(desk, view, text))
    return page(view, form, drafted=counted(desk, view, text))


def numbers(desk: Desk, reference: str) -> ResponseReturnValue:
    """Show the case with its numbers in full, for a reason that the audit trail keeps."""
    case = for_my_eyes(desk, reference)
    try:
        desk.unmask(Asked(case.person_id, request.form.get("why", ""), named_in_trail(case)))
    except BadReason as error:
        return page(case_view(desk, case), Form("numbers", problem=str(error)), status=422)
    return page(case_view(desk, case, whole=True), Form())


DOORS = (
    Door("/cases/<reference>", "case", show, EYES),
    Door("/cases/<reference>/live", "case_live", live, EYES),
    Door("/cases/<reference>/draft", "draft", write, TEAM, ("POST",)),
    Door("/cases/<reference>/numbers", "case_numbers", numbers, TEAM, ("POST",)),
)
