"""Which column of a list is what: titles as people write them, in French and English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from bot.core.entries import Field
from bot.understanding import fold

_SURE = 100
_LIKELY = 82  # of 100; below it a wrong guess is commoner than a right one
_NAMES: Final[Mapping[Field, tuple[str, ...]]] = {
    "number": (
        "numero de telephone",
        "telephone",
        "numero",
        "tel",
        "no tel",
        "n de telephone",
        "num tel",
        "contact",
        "portable",
        "mobile",
        "gsm",
        "msisdn",
        "phone",
        "phone number",
        "mobile number",
        "cell",
        "whatsapp",
        "telefone",
    ),
    "name": (
        "nom",
        "nom et prenom",
        "nom et prenoms",
        "prenom et nom",
        "noms",
        "nom complet",
        "name",
        "full name",
        "beneficiaire",
        "person",
        "personne",
    ),
    "language": ("langue", "langue parlee", "language", "lang"),
    "region": ("region", "region de retour", "region actuelle", "region of return"),
    "place": ("lieu", "ville", "village", "localite", "commune", "cercle", "adresse", "place", "town", "city"),
    "trade": ("metier", "profession", "activite", "filiere", "secteur", "trade", "sector", "job", "occupation"),
    "origin": (
        "pays de retour",
        "pays de provenance",
        "provenance",
        "pays d'origine du retour",
        "pays",
        "pays d'accueil",
        "country",
        "country of departure",
        "returned from",
    ),
    "return_date": ("date de retour", "retour", "date retour", "date d'arrivee", "arrivee", "return date", "returned"),
    "sex": ("sexe", "genre", "sex", "gender", "h/f", "m/f"),
    "minor": ("mineur", "age", "date de naissance", "annee de naissance", "ne le", "minor", "birth date", "dob"),
    "guardian": ("accord du tuteur", "consentement du tuteur", "accord parental", "guardian consent"),
    "guardian_name": ("nom du tuteur", "tuteur", "responsable", "guardian", "guardian name", "nom du responsable"),
    "guardian_number": (
        "numero du tuteur",
        "n du tuteur",
        "telephone du tuteur",
        "tel tuteur",
        "telephone du responsable",
        "guardian phone",
        "guardian number",
    ),
    "relative_number": (
        "numero d'un proche",
        "n d'un proche",
        "numero proche",
        "telephone d'un proche",
        "contact d'urgence",
        "tel proche",
        "relative phone",
        "emergency contact",
    ),
    "relation": ("lien", "lien de parente", "parente", "relation", "relationship"),
    "consent": ("consentement", "accord", "consent", "accepte", "autorisation"),
    "tags": ("etiquette", "etiquettes", "groupe", "cohorte", "tag", "tags", "group", "label"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to be; `sure` where the title says so word for word."""

    title: str
    field: Field | None
    sure: bool = False


def guess(titles: Sequence[str]) -> tuple[Guess, ...]:
    """Return a guess for each column, each field at most once: the best title has it."""
    rated = sorted(
        ((score, position, field) for position, title in enumerate(titles) for field, score in _scores(title)),
        key=lambda found: (-found[0], found[1]),
    )
    taken: dict[int, tuple[Field, bool]] = {}
    for score, position, field in rated:
        if position not in taken and all(field != other for other, _ in taken.values()):
            taken[position] = (field, score >= _SURE)
    return tuple(Guess(title, *taken.get(position, (None, False))) for position, title in enumerate(titles))


def _scores(title: str) -> list[tuple[Field, float]]:
    words = plain_words(title)
    if not words:
        return []
    found = [(field, process.extractOne(words, names, scorer=fuzz.ratio)) for field, names in _PLAIN.items()]
    return [(field, best[1]) for field, best in found if best and best[1] >= _LIKELY]


def plain_words(text: str) -> str:
    """Return a title or value without accents, case and signs, its words apart."""
    spaced = "".join(c if c.isalnum() else " " for c in text)
    return " ".join(filter(None, (fold.plain(word) for word in spaced.split())))


_PLAIN = {field: tuple(plain_words(name) for name in names) for field, names in _NAMES.items()}
