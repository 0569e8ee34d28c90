"""Menu answers as thumbs really type them: a generator of noise, to measure how often a menu is understood."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.messages import Choice
from bot.understanding import choices
from bot.understanding.choices import Numbers

_WORDS = {
    "fr": ("un", "deux", "trois", "quatre", "cinq"),
    "bm": ("kelen", "fila", "saba", "naani", "duuru"),
}
_ORDINALS = {
    "fr": ("premier", "deuxieme", "troisième", "quatrieme", "cinquième"),
    "bm": ("fɔlɔ", "filanan", "sabanan", "naaninan", "duurunan"),
}
_FULL_WIDTH = "０１２３４５６７８９"  # noqa: RUF001 - the digits of some keyboards
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_FRAMES = (
    "{}",
    "{}.",
    " {} ",
    "{})",
    "({})",
    "n°{}",
    "N {}",
    "no {}",
    "{} svp",
    "le {}",
    "choix {}",
    "option {}",
    "je choisis {}",
    "{} merci",
    "réponse {}",
    "numero {}",
    "c'est le {}",
    "le numéro {} svp",
    "{}!!",
    "*{}",
    "{}#",
    "{}\n",
    "{}eme",
    "{} stp",
    "bonjour {}",
    "moi c {}",
    "je prends le {}",
    "la {}",
    "{}?",
    "« {} »",
    "- {}",
    "{}°",
    "{},",
    "ok {}",
    "{} hakɛ to",
)


class Dice(Protocol):
    """Where chance comes from: `random.Random` in tests, a seeded one in the command."""

    def choice(self, options: Sequence[str]) -> str:
        """Return one of them."""

    def random(self) -> float:
        """Return a number from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A noisy answer and the index of the choice that was meant."""

    text: str
    meant: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many answers were understood rightly, taken for another choice, or asked again."""

    right: int
    wrong: int
    asked: int

    @property
    def total(self) -> int:
        """Return how many there were."""
        return self.right + self.wrong + self.asked


def answers(menu: Sequence[Choice], *, dice: Dice, count: int, language: str = "fr") -> Iterator[Answer]:
    """Yield noisy answers to a menu: digits in frames, number words, foreign digits, slips, the choice's own words."""
    for number in range(count):
        meant = number % len(menu)
        yield Answer(_noisy(menu[meant].title, meant, dice=dice, language=language), meant)


def tally(menu: Sequence[Choice], said: Iterator[Answer], numbers: Numbers) -> Tally:
    """Read every answer and count."""
    right = wrong = asked = 0
    for answer in said:
        picked = choices.pick(answer.text, menu, numbers)
        if picked == answer.meant:
            right += 1
        elif isinstance(picked, int):
            wrong += 1
        else:
            asked += 1
    return Tally(right, wrong, asked)


def _noisy(title: str, meant: int, *, dice: Dice, language: str) -> str:
    roll = dice.random()
    if roll < 0.6:  # noqa: PLR2004 - most people type the digit
        return dice.choice(_FRAMES).format(_digit(meant + 1, dice))
    if roll < 0.72:  # noqa: PLR2004
        return _shaken(
            dice.choice((_WORDS[language][meant], f"le {_ORDINALS[language][meant]}", _WORDS[language][meant])), dice
        )
    return _worded(title, dice)


def _digit(number: int, dice: Dice) -> str:
    plain = str(number)
    return dice.choice((plain, plain, plain, plain, plain * 2, _FULL_WIDTH[number], _ARABIC[number], f"{plain}️⃣"))


def _worded(title: str, dice: Dice) -> str:
    """Return the title as people retype it: whole, in capitals, its beginning, its chief word, with a slip."""
    words = title.split()
    whole = dice.choice((title, title.upper(), title.lower(), " ".join(words[:2]), max(words, key=len)))
    return dice.choice((whole, f"{whole} svp", f"je veux {whole}", _shaken(whole, dice)))


def _shaken(text: str, dice: Dice) -> str:
    """Drop, double or exchange one letter of a long word; leave short ones alone."""
    if len(text) < 6 or dice.random() < 0.5:  # noqa: PLR2004
        return text
    at = 1 + int(dice.random() * (len(text) - 3))
    kind = dice.choice(("drop", "double", "swap"))
    if kind == "drop":
        return text[:at] + text[at + 1 :]
    if kind == "double":
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


MENUS: dict[str, tuple[tuple[Choice, ...], ...]] = {
    "fr": tuple(
        tuple(Choice(title, f"/SetSlots(answer={i})") for i, title in enumerate(titles))
        for titles in (
            ("Carte d'identité", "Passeport", "Acte de naissance", "Autre"),
            ("Oui", "Non"),
            ("Papiers perdus", "Trouver un métier", "Aide au retour", "Partenaires", "Donner de mes nouvelles"),
            ("Perdu", "Volé", "Pris par quelqu'un"),
            ("Terre", "Bâtiment", "Courant", "Métal", "Service"),
        )
    ),
    "bm": tuple(
        tuple(Choice(title, f"/SetSlots(answer={i})") for i, title in enumerate(titles))
        for titles in (
            ("Karadante", "Pasipɔri", "Wolosɛbɛn", "Dɔwɛrɛ"),
            ("Awɔ", "Ayi"),
            ("Papiyew tununna", "Baara ɲini", "Seginni dɛmɛ", "Dɛmɛbagaw", "Kibaru di"),
        )
    ),
}
