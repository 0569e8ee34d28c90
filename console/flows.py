"""The conversations as pictures, drawn from the files that are run."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bot.core.assistant import Assistant
from bot.core.drawing import svg
from bot.core.drawing_words import Words
from bot.core.staff import ROLES, Role
from console.doors import Desk, Door

VIEWERS: frozenset[Role] = ROLES - {"partner"}


def _list(desk: Desk) -> ResponseReturnValue:
    flows = desk.house.brain.assistant.flows.values()
    ordered = sorted(flows, key=lambda flow: (flow.is_pattern, flow.name))
    return render_template("console/flows.html", flows=ordered)


def _show(desk: Desk, flow_id: str) -> ResponseReturnValue:
    known = desk.house.brain.assistant
    if flow_id not in known.flows:
        abort(404)
    return render_template("console/flow.html", flow=known.flows[flow_id], drawing=_drawn(known, flow_id))


def _drawn(known: Assistant, flow_id: str) -> Markup:
    words = Words(known.texts["fr"], known.domain.responses, known.flows, known.facts.values())
    return Markup(svg(known.flows[flow_id], words))  # noqa: S704 - drawn and escaped by us


DOORS = (
    Door("/flows", "flows", _list, VIEWERS),
    Door("/flows/<flow_id>", "flow", _show, VIEWERS),
)
