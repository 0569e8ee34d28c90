"""Messages that were not understood: staff say what they meant, so that the next one is."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.core.intents import INTENTS
from bot.core.staff import Role
from console.doors import Desk, Door

LISTENERS: frozenset[Role] = frozenset({"reviewer", "supervisor"})
A_PAGE = 20
LARGEST_ID = 2**31 - 1  # of an INTEGER column in PostgreSQL


def _list(desk: Desk) -> ResponseReturnValue:
    texts = desk.house.fresh.shipped.assistant.texts["fr"]
    names = {intent: texts.get(f"flow.{intent}", intent.replace("_", " ")) for intent in INTENTS}
    waiting = [one for one in desk.house.unmatched.all() if not one.label]
    desk.saw("unmatched.view", "unmatched")
    return render_template(
        "console/unmatched.html",
        shown=waiting[:A_PAGE],
        count=len(waiting),
        intents=sorted(names.items(), key=lambda pair: pair[1]),
        names=names,
    )


def _label(desk: Desk, ident: int) -> ResponseReturnValue:
    """Say what a message meant, or throw it away."""
    if ident > LARGEST_ID:
        abort(404)
    now, by = desk.house.ports.clock.now(), desk.staff.name
    intent = request.form.get("intent", "")
    if "drop" in request.form:
        done = desk.house.unmatched.drop(ident, by=by, now=now)
    elif intent in INTENTS:
        done = desk.house.unmatched.label(ident, intent, danger="danger" in request.form, by=by, now=now)
    else:
        return desk.back("unmatched", "Choisissez d'abord ce que la personne voulait.")
    return desk.back("unmatched", "C'est noté." if done else "Ce message n'est plus là.")


DOORS = (
    Door("/unmatched", "unmatched", _list, LISTENERS),
    Door("/unmatched/<int:ident>", "unmatched_label", _label, LISTENERS, ("POST",)),
)
