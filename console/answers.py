"""Answers to what we ask by ourselves: over time, by region, trade and more, as a picture with its table."""

from collections.abc import Iterator, Sequence
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.core.figures import BY, SMALL, Asked, By, Group, hide_small
from bot.core.staff import Role
from console import words
from console.doors import Desk, Door
from console.exports import table
from console.plots import Bar, bars

EYES: Final[frozenset[Role]] = frozenset({"broadcaster", "supervisor"})
BYS: Final[dict[By, str]] = {
    "month": "Mois",
    "region": "Région",
    "trade": "Métier",
    "sex": "Sexe",
    "language": "Langue",
    "months_since_return": "Mois depuis le retour",
}
SEXES: Final = {"f": "femmes", "m": "hommes"}
PLAIN: Final = {"true": "oui", "false": "non", "True": "oui", "False": "non", "yes": "oui", "no": "non"}
UNKNOWN: Final = "non dit"
HIDDEN: Final = f"moins de {SMALL}"


def _show(desk: Desk) -> ResponseReturnValue:
    asked = _asked(desk)
    groups = _groups(desk, asked) if asked else ()
    values = _values(groups)
    legend = [_value(desk, asked.question, value) for value in values] if asked else []
    rows = [Bar(_group(desk, asked.by, one.name), _parts(one, values)) for one in groups] if asked else []
    return render_template(
        "console/answers.html",
        asked=asked,
        choices=_choices(desk),
        filters=request.args,
        legend=legend,
        rows=[(row.label, *map(_cell, row.parts), _cell(one.total)) for row, one in zip(rows, groups, strict=True)],
        picture=bars(_title(desk, asked), legend, rows) if asked else "",
        title=_title(desk, asked) if asked else "",
        first=BYS[asked.by] if asked else "",
        small=SMALL,
    )


def _asked(desk: Desk) -> Asked | None:
    """Read the address; the first question there is where it names none."""
    questions, given = list(desk.house.ledgers.questions()), request.args.get
    question = next((one for one in questions if one == given("question")), questions[0] if questions else None)
    by: By = next((one for one in BY if one == given("by")), "months_since_return")
    if question is None:
        return None
    return Asked(
        question,
        by,
        plan=given("plan") or None,
        region=given("region") or None,
        trade=given("trade") or None,
        sex=given("sex") or None,
        language=given("language") or None,
    )


def _groups(desk: Desk, asked: Asked) -> tuple[Group, ...]:
    found = hide_small(desk.house.check_ins.answers(asked))
    if asked.by == "months_since_return":
        return tuple(sorted(found, key=lambda one: int(one.name) if one.name.isdigit() else -1))
    return found


def _values(groups: Sequence[Group]) -> list[str]:
    """Return what was answered, in the groups that are shown: a column of its own would tell what a hidden one said."""
    return sorted({cell.value for group in groups if group.total is not None for cell in group.cells})


def _parts(group: Group, values: Sequence[str]) -> tuple[int | None, ...]:
    if group.total is None:
        return (None,) * len(values)
    counts = {cell.value: cell.count for cell in group.cells}
    return tuple(counts.get(value, 0) for value in values)


def _cell(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _title(desk: Desk, asked: Asked) -> str:
    return f"{_question(desk, asked.question)} – {BYS[asked.by].lower()}"


def _question(desk: Desk, name: str) -> str:
    """Return the first line of what people are asked."""
    texts = desk.house.brain.assistant.texts["fr"]
    return texts.get(f"utter_ask_{name}", name.replace("_", " ")).splitlines()[0]


def _value(desk: Desk, question: str, value: str) -> str:
    texts = desk.house.brain.assistant.texts["fr"]
    return texts.get(f"value.{question}.{value}") or PLAIN.get(value, value)


def _group(desk: Desk, by: By, name: str) -> str:
    facts = desk.house.brain.assistant.facts
    named = {
        "region": {code: one.name for code, one in facts.regions.items()},
        "trade": {code: one.name for code, one in facts.trades.items()},
        "sex": SEXES,
        "language": words.LANGUAGES,
    }
    return named.get(by, {}).get(name, name) or UNKNOWN


def _choices(desk: Desk) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    assistant = desk.house.brain.assistant
    plans = [(plan.id, plan.name) for plan in assistant.plans]
    sent = [(one.id, one.name) for one in desk.house.broadcasts.all() if one.kind != "text" and one.frozen_at]
    return (
        ("question", "Question", tuple((one, _question(desk, one)) for one in desk.house.ledgers.questions())),
        ("by", "Par", tuple(BYS.items())),
        ("plan", "Plan ou envoi", (*plans, *sent)),
        ("region", "Région", tuple((one.code, one.name) for one in assistant.facts.regions.values())),
        ("trade", "Métier", tuple((one.code, one.name) for one in assistant.facts.trades.values())),
        ("sex", "Sexe", tuple(SEXES.items())),
        ("language", "Langue", tuple(words.LANGUAGES.items())),
    )


def _take(desk: Desk, kind: str) -> ResponseReturnValue:
    """Return the same table to take along; small numbers stay hidden."""
    asked = _asked(desk)

    def rows() -> Iterator[Sequence[object]]:
        if asked is None:
            return
        groups = _groups(desk, asked)
        values = _values(groups)
        yield (BYS[asked.by], *(_value(desk, asked.question, value) for value in values), "Réponses")
        for one in groups:
            yield (_group(desk, asked.by, one.name), *map(_cell, _parts(one, values)), _cell(one.total))

    return table(rows(), "reponses", kind)


DOORS = (
    Door("/answers", "answers", _show, EYES),
    Door("/answers.<kind>", "answers_take", _take, EYES),
)
