"""The catalogues' sentences: PO text to {msgid: sentence}, with line, review state and plural header."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from babel.messages.pofile import PoFileError, read_po

from bot.core.yaml_lines import Finding

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
# CLDR: Bambara has one form only. Babel writes two, which would make gettext choose between texts that do not exist.
PLURALS = {"bm": "nplurals=1; plural=0;", "fr": "nplurals=2; plural=(n > 1);"}
_REVIEW = re.compile(r"review:\s*(.+)")
_UNSIGNED = {"none", "no", "non", "-"}
_SENT_BACK = "change,"  # read, and to be rewritten


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence: where it stands and who has signed it ("" = nobody)."""

    text: str
    file: str
    line: int
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All sentences of one language."""

    language: str
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """Return {msgid: sentence} of what is translated."""
        return {msgid: entry.text for msgid, entry in self.entries.items() if entry.text}

    @property
    def signed(self) -> frozenset[str]:
        """Return the msgids that a native reader has signed."""
        return frozenset(msgid for msgid, entry in self.entries.items() if entry.signed_by)


def read_catalogue(language: str, files: Mapping[str, str], findings: list[Finding]) -> Catalogue:
    """Read the PO files of one language; a msgid in two files and a wrong plural header are findings."""
    entries: dict[str, Entry] = {}
    for file, text in files.items():
        try:
            catalog = read_po(text.splitlines(keepends=True), locale=language, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            findings.append(Finding(file, getattr(error, "lineno", None) or 1, f"This is not a catalogue: {error}."))
            continue
        _check_plurals(language, file, text, findings)
        for message in catalog:
            if not message.id:
                continue
            msgid, line = str(message.id), message.lineno or 1
            if msgid in entries:
                findings.append(Finding(file, line, f"{msgid!r} stands in {entries[msgid].file} too."))
            entries[msgid] = Entry(str(message.string or ""), file, line, _signed_by(message.user_comments))
    return Catalogue(language, entries)


def _check_plurals(language: str, file: str, text: str, findings: list[Finding]) -> None:
    wanted = PLURALS.get(language, "")
    found = re.search(r'"Plural-Forms:\s*(.*?)\\n"', text)
    written = found[1].replace(" ", "") if found else ""
    if wanted and written.rstrip(";") != wanted.replace(" ", "").rstrip(";"):
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        findings.append(Finding(file, line, f'The header must say "Plural-Forms: {wanted}".'))


def _signed_by(comments: list[str]) -> str:
    for comment in comments:
        found = _REVIEW.match(comment.strip())
        said = found[1].strip() if found else ""
        if said and said.lower() not in _UNSIGNED and not said.lower().startswith(_SENT_BACK):
            return said
    return ""


def placeholders_of(texts: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[str]]:
    """Return {msgid: the names of its {placeholders} in any language}."""
    found: dict[str, set[str]] = {}
    for sentences in texts.values():
        for msgid, text in sentences.items():
            if "{" in text:
                found.setdefault(msgid, set()).update(PLACEHOLDER.findall(text))
    return {msgid: frozenset(names) for msgid, names in found.items()}
