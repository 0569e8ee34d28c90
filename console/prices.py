"""The price table, which an administrator keeps."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final, cast

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.core.hours import BAMAKO
from bot.core.prices import TEMPLATE_CENTIMES, WHATSAPP_CENTIMES, Charged, Price, in_francs
from bot.core.staff import Role
from console.doors import Desk, Door

EYES: Final[frozenset[Role]] = frozenset({"broadcaster", "supervisor", "administrator"})
HANDS: Final[frozenset[Role]] = frozenset({"administrator"})
CHARGED: Final[dict[Charged, str]] = {
    "sms": "un SMS (par segment)",
    "whatsapp": "un message WhatsApp, dans les 24 h",
    "template": "un modèle WhatsApp, qui ouvre les 24 h",
}
_MOST: Final = Decimal(100_000)  # francs: more is a slip of the finger


def _show(desk: Desk, *, problem: str = "") -> ResponseReturnValue:
    settings = desk.house.settings
    usual = {"sms": settings.sms_cost_fcfa * 100, "whatsapp": WHATSAPP_CENTIMES, "template": TEMPLATE_CENTIMES}
    page = render_template(
        "console/prices.html",
        lines=sorted(desk.house.broadcasts.prices(), key=lambda one: one.valid_from, reverse=True),
        francs=in_francs,
        charged=CHARGED,
        usual=[(CHARGED[name], in_francs(usual[name])) for name in CHARGED],
        may=desk.staff.may(*HANDS),
        problem=problem,
        typed=request.form,
        month=in_francs(desk.house.broadcasts.spent_in(f"{_now(desk):%Y-%m}")),
        cap=in_francs(settings.budget_a_month * 100) if settings.budget_a_month else "",
    )
    return page, 422 if problem else 200


def _now(desk: Desk) -> datetime:
    return desk.house.ports.clock.now().astimezone(BAMAKO)


def _set(desk: Desk) -> ResponseReturnValue:
    form = request.form
    try:
        francs = Decimal(form.get("francs", "").replace(",", ".").replace(" ", ""))
        at = datetime.fromisoformat(form["valid_from"]).replace(tzinfo=BAMAKO) if form.get("valid_from") else _now(desk)
    except (InvalidOperation, ValueError):
        return _show(desk, problem="Écrivez le prix en francs, par exemple 25 ou 16,5, et la date jj/mm/aaaa ou rien.")
    if form.get("channel") not in CHARGED or not francs.is_finite() or not 0 < francs < _MOST:
        return _show(desk, problem="Choisissez ce qui coûte, et un prix de plus de 0 franc.")
    channel = cast("Charged", form["channel"])
    operator, provider = (form.get(name, "").strip().lower()[:16] for name in ("operator", "provider"))
    price = Price(channel, int(francs * 100), at, operator, provider, desk.staff.id)
    desk.house.broadcasts.set_price(price)
    desk.saw("price.set", f"{channel}:{operator}:{provider}", str(price.centimes))
    return desk.back("prices", "Le prix est enregistré.")


DOORS = (
    Door("/prices", "prices", _show, EYES),
    Door("/prices/new", "price_set", _set, HANDS, ("POST",)),
)
