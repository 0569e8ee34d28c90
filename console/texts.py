"""The Bambara sentences beside the French ones: a native reader reads, corrects and signs them, and takes the file."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.bootstrap import ROOT
from bot.channels import printed
from bot.core.assistant import Assistant
from bot.core.hours import BAMAKO
from bot.core.sms_text import fold, size
from bot.core.staff import Role
from bot.core.text_reviews import (
    READ,
    BadReview,
    State,
    TextReview,
    Verdict,
    as_po,
    current,
    review,
    state,
    within_budget,
)
from console.doors import Desk, Door

READERS: frozenset[Role] = frozenset({"reviewer"})
STATES: Final[Mapping[State, str]] = {"unread": "non relues", "change": "à réécrire", "signed": "signées"}
STATE: Final[Mapping[State, str]] = {"unread": "non relue", "change": "à réécrire", "signed": "signée"}  # of one
A_PAGE = 25  # sentences; a page stays small on a weak link
PO = ROOT / "locales" / READ / "LC_MESSAGES" / "flows.po"


def _list(desk: Desk) -> ResponseReturnValue:
    shipped, found = _shelf(desk)
    wanted = request.args.get("state", "unread")
    by_state: dict[str, list[str]] = {name: [] for name in STATES}
    for msgid in _in_order(shipped):
        by_state[state(shipped, msgid, found.get(msgid))].append(msgid)
    chosen = by_state.get(wanted, by_state["unread"])
    page = max(request.args.get("page", 1, type=int), 1)
    return render_template(
        "console/texts.html",
        states=STATES,
        counts={name: len(msgids) for name, msgids in by_state.items()},
        wanted=wanted if wanted in by_state else "unread",
        shown=[_row(shipped, found, msgid) for msgid in chosen[(page - 1) * A_PAGE : page * A_PAGE]],
        page=page,
        more=len(chosen) > page * A_PAGE,
    )


def _read(desk: Desk, msgid: str) -> ResponseReturnValue:
    shipped, found = _shelf(desk)
    if msgid not in shipped.texts[READ]:
        abort(404)
    if request.method == "GET":
        return _page(desk, msgid, _row(shipped, found, msgid)["text"])
    verdict: Verdict = "change" if "change" in request.form else "signed"
    text, remark = request.form.get("text", ""), request.form.get("remark", "")
    now = desk.house.ports.clock.now()
    try:
        made = review(shipped, msgid, text, verdict, by=desk.staff.name, at=now, remark=remark)
        made = within_budget(shipped, made, words=printed.text, today=now.astimezone(BAMAKO).date())
    except BadReview as error:
        return _page(desk, msgid, text, remark=remark, problem=str(error)), 422
    desk.house.fresh.reviews.add(made, staff_id=desk.staff.id)
    following = _following(shipped, {**found, msgid: made}, msgid)
    said = "La phrase est signée." if verdict == "signed" else "La phrase est notée à réécrire."
    return desk.back("text", f"{said} Voici la suivante.", msgid=following) if following else desk.back("texts", said)


def _export(desk: Desk) -> ResponseReturnValue:
    """Hand over the catalogue with what was signed and what is to be rewritten, to be put into the project."""
    _, found = _shelf(desk)
    answer = Response(as_po(PO.read_text(encoding="utf-8"), found), mimetype="text/x-gettext-translation")
    answer.headers["Content-Disposition"] = 'attachment; filename="flows.po"'
    return answer


def _page(desk: Desk, msgid: str, text: str, *, remark: str = "", problem: str = "") -> str:
    shipped, found = _shelf(desk)
    return render_template(
        "console/text.html",
        row=_row(shipped, found, msgid),
        typed=text,
        remark=remark,
        problem=problem,
        sent=fold(text),
        size=size(fold(text)),
        spoken=_where(shipped, msgid),
        said=[made for made in desk.house.fresh.reviews.all() if made.msgid == msgid],
        bamako=BAMAKO,
    )


def _shelf(desk: Desk) -> tuple[Assistant, dict[str, TextReview]]:
    shipped = desk.house.fresh.shipped.assistant
    return shipped, current(shipped, desk.house.fresh.reviews.all())


def _in_order(shipped: Assistant) -> list[str]:
    """Return the sentences, those that people in danger read first."""
    return sorted(shipped.texts[READ], key=lambda msgid: not shipped.is_urgent(msgid))


def _row(shipped: Assistant, found: Mapping[str, TextReview], msgid: str) -> dict[str, Any]:
    made = found.get(msgid)
    return {
        "msgid": msgid,
        "french": shipped.texts["fr"].get(msgid, ""),
        "text": made.text if made and made.text else shipped.texts[READ][msgid],
        "shipped": shipped.texts[READ][msgid],
        "state": STATE[state(shipped, msgid, made)],
        "urgent": shipped.is_urgent(msgid),
    }


def _following(shipped: Assistant, found: Mapping[str, TextReview], msgid: str) -> str:
    """Return the next sentence that nobody has read, "" after the last one."""
    order = _in_order(shipped)
    later = order[order.index(msgid) + 1 :] + order[: order.index(msgid)]
    return next((other for other in later if state(shipped, other, found.get(other)) == "unread"), "")


def _where(shipped: Assistant, msgid: str) -> list[str]:
    """Return the names of the conversations in which the sentence is said or asked."""
    return sorted(
        {
            flow.name
            for flow in shipped.flows.values()
            for step in flow.steps.values()
            if msgid in {getattr(step.work, "name", ""), getattr(step.work, "utter", "")}
        }
    )


DOORS = (
    Door("/texts", "texts", _list, READERS),
    Door("/texts/<msgid>", "text", _read, READERS, ("GET", "POST")),
    Door("/texts.po", "texts_po", _export, READERS),
)
