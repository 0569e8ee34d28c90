"""What native readers say of the Bambara sentences: read, corrected, signed, or sent back to be rewritten."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from bot.core.assistant import Assistant
from bot.core.catalogues import PLACEHOLDER
from bot.core.checks_budgets import costs
from bot.core.messages import Outgoing
from bot.core.sms_text import fold

Verdict = Literal["signed", "change"]
State = Literal["unread", "signed", "change"]

READ: Final = "bm"  # the language that is read
LONGEST: Final = 1000  # characters of a sentence or a remark
_UNSENDABLE: Final = "_"  # what folding leaves where an SMS cannot carry a character
_ENTRY: Final = re.compile(r'^msgid "(?P<msgid>[^"]+)"$')


class BadReview(ValueError):
    """The sentence cannot go out like that; the text says why, to whoever wrote it."""


@dataclass(frozen=True, slots=True)
class TextReview:
    """What one reader said of one sentence. `of` is the digest of the pair that was read: see `digest`."""

    msgid: str
    text: str  # as they would say it
    verdict: Verdict
    by: str
    at: datetime
    of: str
    remark: str = ""


def digest(french: str, bambara: str) -> str:
    """Return what tells one pair of shipped sentences from every other: a review holds for the pair it was made of."""
    return hashlib.sha256(f"{french}\0{bambara}".encode()).hexdigest()


def review(  # noqa: PLR0913 - who says what of which sentence, when
    shipped: Assistant, msgid: str, text: str, verdict: Verdict, *, by: str, at: datetime, remark: str = ""
) -> TextReview:
    """Return the review of a shipped sentence. Raises BadReview when a signed text could not be sent as it is."""
    if msgid not in shipped.texts[READ]:
        raise BadReview(f"Il n'y a pas de phrase {msgid!r}.")
    text, remark = " ".join(text.split(" ")).strip(), remark.strip()
    if max(len(text), len(remark)) > LONGEST:
        raise BadReview(f"C'est trop long : {LONGEST} caractères au plus.")
    if verdict == "change" and not remark:
        raise BadReview("Dites en quelques mots ce qui ne va pas.")
    if verdict == "signed":
        _sendable(shipped, msgid, text)
    return TextReview(msgid, text, verdict, by, at, _of(shipped, msgid), remark)


def _sendable(shipped: Assistant, msgid: str, text: str) -> None:
    wanted, found = (set(PLACEHOLDER.findall(one)) for one in (shipped.texts[READ][msgid], text))
    if not text:
        raise BadReview("La phrase est vide.")
    if wanted != found:
        names = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "aucune"
        raise BadReview(f"Les parties entre accolades doivent rester telles quelles : {names}.")
    lost = sorted({c for c in text if _UNSENDABLE in fold(c)} - {_UNSENDABLE})
    if lost:
        raise BadReview(f"Un SMS ne peut pas porter : {' '.join(lost)}")


def within_budget(shipped: Assistant, made: TextReview, *, words: Callable[[Outgoing], str], today: date) -> TextReview:
    """Return the review. Raises BadReview when a signed text takes more SMS than its sentence may cost."""
    if made.verdict != "signed":
        return made
    before = {cost.response: cost.sized.segments for cost in costs(shipped, words=words, today=today)}
    for cost in costs(with_reviews(shipped, [made]), words=words, today=today):
        if cost.language == READ and cost.sized.segments > max(cost.budget, before.get(cost.response, 0)):
            units = cost.sized.units
            raise BadReview(f"Avec ses valeurs les plus longues, la phrase fait {units} signes : c'est trop d'SMS.")
    return made


def current(shipped: Assistant, reviews: Iterable[TextReview]) -> dict[str, TextReview]:
    """Return the newest review of each sentence that is still shipped as it was read; `reviews` oldest first."""
    known = shipped.texts.get(READ, {})
    return {made.msgid: made for made in reviews if made.msgid in known and made.of == _of(shipped, made.msgid)}


def with_reviews(shipped: Assistant, reviews: Iterable[TextReview]) -> Assistant:
    """Return the assistant that says what was signed, as it was signed; what is sent back loses its signature."""
    found = current(shipped, reviews)
    if not found:
        return shipped
    signed = {made.msgid for made in found.values() if made.verdict == "signed"}
    texts = {**shipped.texts[READ], **{msgid: found[msgid].text for msgid in signed}}
    names = (shipped.signed.get(READ, frozenset()) - found.keys()) | signed
    return replace(shipped, texts={**shipped.texts, READ: texts}, signed={**shipped.signed, READ: frozenset(names)})


def state(shipped: Assistant, msgid: str, made: TextReview | None) -> State:
    """Say whether a sentence is unread, signed or to be rewritten."""
    if made is not None:
        return made.verdict
    return "signed" if shipped.is_signed(msgid, READ) else "unread"


def as_po(po: str, reviews: Mapping[str, TextReview]) -> str:
    """Write reviews into the text of a PO file whose sentences stand on one line each; nothing else changes."""
    lines = po.split("\n")
    for number, line in enumerate(lines):
        found = _ENTRY.match(line)
        made = reviews.get(found["msgid"]) if found else None
        if made is None:
            continue
        said = next((n for n in range(number - 1, -1, -1) if lines[n].startswith("# review:")), None)
        if said is not None and not any(_ENTRY.match(between) for between in lines[said:number]):
            lines[said] = _comment(made)
        if made.verdict == "signed":
            lines[number + 1] = f'msgstr "{_escaped(made.text)}"'
    return "\n".join(lines)


def _comment(made: TextReview) -> str:
    who = f"{made.by.replace(',', ' ')}, {made.at.date().isoformat()}"
    if made.verdict == "signed":
        return f"# review: {who}"
    said = " / ".join(part for part in (made.text, made.remark) if part)
    return f"# review: change, {who}\n# {' '.join(said.split())}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _of(shipped: Assistant, msgid: str) -> str:
    return digest(shipped.texts.get("fr", {}).get(msgid, ""), shipped.texts[READ][msgid])
