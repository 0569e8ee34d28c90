"""Audiences in SQL: who is meant, where they are written to, and why somebody is left out."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, exists, func, literal, or_, select
from sqlalchemy import case as sql_case

from bot.adapters.sql.tables import address, incoming, person
from bot.adapters.sql.tables_broadcasts import person_tag
from bot.core import limits
from bot.core.broadcasts import Audience, Way
from bot.core.hours import BAMAKO, month_before
from bot.ports.broadcasts import Weight

ANY_NUMBER = and_(address.c.channel == "whatsapp", address.c.operator != "")  # its number takes an SMS, too
_REACHED: dict[Way, ColumnElement[bool]] = {
    "any": address.c.channel != "voice",
    "sms": or_(address.c.channel == "sms", ANY_NUMBER),
    "whatsapp": address.c.channel == "whatsapp",
}


def members(audience: Audience, way: Way, *, now: datetime) -> Select[Any]:
    """Select person_id, language, channel, operator, in_window and reason ("": is written to) of whoever is meant."""
    channel = _of_address(way, address.c.channel)
    found = select(
        person.c.id.label("person_id"),
        func.coalesce(person.c.language, "fr").label("language"),
        (literal("sms", String) if way == "sms" else func.coalesce(channel, "")).label("channel"),
        func.coalesce(_of_address(way, address.c.operator), "").label("operator"),
        in_window(now).label("in_window"),
        reason(channel).label("reason"),
    )
    return found.where(*_meant(audience, now))


def in_window(now: datetime) -> ColumnElement[bool]:
    """Say whether a person wrote by WhatsApp within the 24 hours in which free text may be sent (Twilio 63016)."""
    since = now - limits.WHATSAPP_WINDOW
    mine = (incoming.c.person_id == person.c.id) & (incoming.c.channel == "whatsapp")
    return exists().where(mine, incoming.c.received_at > since)


def reason(channel: Any) -> ColumnElement[str]:
    """Say why a person is left out, by the rules and in the order of `core.outreach.never_start`."""
    return sql_case(
        (person.c.opt_out != "none", "opted_out"),
        (person.c.consent != "given", "no_consent"),
        (person.c.discreet, "discreet"),
        (and_(person.c.minor, ~person.c.guardian), "minor_without_guardian"),
        (channel.is_(None), "no_address"),
        (person.c.unreachable, "dead_number"),
        else_="",
    )


def _of_address(way: Way, column: Any) -> Any:
    """Select a column of the address that is written to: the newest one; for an SMS one that is a number for sure."""
    newest = (address.c.channel != "sms", address.c.seen_at.desc()) if way == "sms" else (address.c.seen_at.desc(),)
    return (
        select(column)
        .where(address.c.person_id == person.c.id, _REACHED[way])
        .order_by(*newest, address.c.channel)
        .limit(1)
        .scalar_subquery()
    )


def _meant(audience: Audience, now: datetime) -> list[ColumnElement[bool]]:
    lists = (
        (func.coalesce(person.c.language, "fr"), audience.languages),
        (person.c.region, audience.regions),
        (person.c.trade, audience.trades),
        (person.c.origin, audience.origins),
        (person.c.consent, audience.consents),
    )
    tests: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists if values]
    tests += _returned(audience, now) + _heard(audience, now)
    if audience.tags:
        tests.append(_tagged(audience.tags))
    if audience.without_tags:
        tests.append(~_tagged(audience.without_tags))
    return tests


def _returned(audience: Audience, now: datetime) -> list[ColumnElement[bool]]:
    """Compare months of return as text: "2026-05" is before "2026-11"."""
    least, most = audience.months_since_return_min, audience.months_since_return_max
    today = now.astimezone(BAMAKO).date()
    froms = [audience.returned_from, month_before(today, most) if most is not None else ""]
    untils = [audience.returned_until, month_before(today, least) if least is not None else ""]
    return [
        *(person.c.return_month >= month for month in froms if month),
        *(person.c.return_month <= month for month in untils if month),
    ]


def _heard(audience: Audience, now: datetime) -> list[ColumnElement[bool]]:
    def wrote_within(days: int) -> ColumnElement[bool]:
        since = now - timedelta(days=days)
        return exists().where(incoming.c.person_id == person.c.id, incoming.c.received_at > since)

    within, silent = audience.heard_within_days, audience.silent_for_days
    return [
        *([wrote_within(within)] if within is not None else []),
        *([~wrote_within(silent)] if silent is not None else []),
    ]


def _tagged(tags: tuple[str, ...]) -> ColumnElement[bool]:
    return exists().where(person_tag.c.person_id == person.c.id, person_tag.c.tag.in_(tags))


def charged(weight: Weight, operators: tuple[str, ...], of: Any) -> ColumnElement[int]:
    """Price a member in centimes; `of` holds the columns language, channel, operator and in_window."""
    cases = [
        (and_(of.channel == "sms", of.language == language, of.operator == operator), _sms(weight, language, operator))
        for language in weight.segments
        for operator in operators
    ]
    usual = [(and_(of.channel == "sms", of.language == one), _sms(weight, one, "")) for one in weight.segments]
    free = weight.prices.of("whatsapp", now=weight.now)
    opened = weight.prices.of("template", now=weight.now) + free  # the text follows the answer
    return sql_case(*cases, *usual, (of.in_window, free), else_=opened)


def _sms(weight: Weight, language: str, operator: str) -> int:
    return weight.segments[language] * weight.prices.of("sms", now=weight.now, operator=operator)
