"""What a list of people says of each of them: its fields, what is wrong with a line, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

Field = Literal[
    "number",
    "name",
    "language",
    "region",
    "place",
    "trade",
    "origin",
    "return_date",
    "sex",
    "minor",
    "guardian",
    "guardian_name",
    "guardian_number",
    "relative_number",
    "relation",
    "consent",
    "tags",
]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
CALLED: Final[Mapping[Field, str]] = {  # as staff read it
    "number": "Numéro de téléphone",
    "name": "Nom",
    "language": "Langue",
    "region": "Région",
    "place": "Lieu (ville, village)",
    "trade": "Métier",
    "origin": "Pays d'où la personne est revenue",
    "return_date": "Date de retour",
    "sex": "Sexe",
    "minor": "Mineur (oui/non), âge ou date de naissance",
    "guardian": "Accord du tuteur d'un mineur (oui/non)",
    "guardian_name": "Nom du tuteur",
    "guardian_number": "Numéro du tuteur",
    "relative_number": "Numéro d'un proche",
    "relation": "Lien avec ce proche",
    "consent": "Accord de la personne (oui/non)",
    "tags": "Étiquettes",
}

Fault = Literal[
    "empty",
    "no_number",
    "scientific",
    "not_mobile",
    "unknown",
    "not_a_date",
    "future",
    "too_old",
    "too_long",
    "no_consent",
    "consent_empty",
    "consent_unclear",
    "other_name",
    "guardian_is_person",
    "too_many_cells",
]
TO_DO: Final[Mapping[Fault, str]] = {
    "empty": "la case est vide ; écrivez le numéro de la personne, sinon nous ne pouvons pas lui écrire",
    "no_number": "ce numéro n'existe pas ; écrivez 8 chiffres pour le Mali, ou + et l'indicatif du pays",
    "scientific": "le tableur a abrégé le numéro ; mettez la colonne au format texte et recopiez le numéro entier",
    "not_mobile": "ce numéro est un fixe et ne reçoit pas de SMS ; écrivez un numéro de portable",
    "unknown": "nous ne connaissons pas cette valeur ; corrigez-la, ou laissez la case vide",
    "not_a_date": "ce n'est pas une date ; écrivez-la jour/mois/année, par exemple 03/05/2026, ou mois/année",
    "future": "cette date est dans l'avenir ; corrigez l'année",
    "too_old": "cette date est trop ancienne pour un retour ; corrigez l'année",
    "too_long": "le texte est trop long ; raccourcissez-le",
    "no_consent": "la personne n'a pas donné son accord ; nous ne gardons rien d'elle, ôtez la ligne",
    "consent_empty": "l'accord n'est pas noté ; demandez à la personne et écrivez oui ou non, sinon ôtez la ligne",
    "consent_unclear": "ce n'est pas un oui clair ; demandez à la personne et écrivez oui ou non, ou ôtez la ligne",
    "other_name": "ce numéro est déjà celui de quelqu'un qui porte un autre nom ; demandez à qui est le téléphone",
    "guardian_is_person": "c'est le numéro de la personne elle-même ; écrivez celui du tuteur",
    "too_many_cells": "la ligne a plus de cases que le titre n'a de colonnes ; cherchez un séparateur de trop",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: the value stands here masked, and `hint` names what may have been meant."""

    field: Field
    fault: Fault
    masked: str = ""
    hint: str = ""

    def to_json(self) -> dict[str, str]:
        """Return it as it is stored beside the line."""
        return {"field": self.field, "fault": self.fault, "masked": self.masked, "hint": self.hint}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Problem":
        """Read what `to_json` wrote."""
        return cls(stored["field"], stored["fault"], stored["masked"], stored["hint"])


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that can be kept: values in their stored form (E.164, codes, ISO dates), only those that are given."""

    values: Mapping[Field, str]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one line: an entry, or why there is none."""

    entry: Entry | None
    problems: tuple[Problem, ...] = field(default=())


def sentence(row: int, column: str, problem: Problem) -> str:
    """Say what is wrong with a line, and what to do; `column` is the title as the list has it."""
    shown = f" ({problem.masked})" if problem.masked else ""
    meant = f" ; vouliez-vous « {problem.hint} » ?" if problem.hint else ""
    return f"Ligne {row}, « {column} »{shown} : {TO_DO[problem.fault]}{meant}."


def masked(value: str) -> str:
    """Show enough of a cell to find it again in one's own list: the last two digits, or the first letter and length."""
    digits = [c for c in value if c.isdigit()]
    if len(digits) > len(value) // 2:
        return "…" + "".join(digits[-2:])
    return f"{value[:1]}… ({len(value)} signes)" if value else ""
