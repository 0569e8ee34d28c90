"""Read lines as rows: new, wrong, twice in the list, or already known by the number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Connection, select

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.search import plain_words
from bot.adapters.sql.tables import address, contact_item
from bot.adapters.sql.tables_import import import_row
from bot.core.entries import Entry, Problem, masked
from bot.ports.imports import Line

_SAME = 80  # of 100: "Awa Traoré" and "TRAORE Awa" are one, two brothers are not


def staged(connection: Connection, vault: Vault, ident: str, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return the rows of newly read lines."""
    hashes = {line.number: vault.hash("address", line.entry.values["number"]) for line in lines if line.entry}
    known = _known(connection, vault, hashes.values())
    first = _earlier(connection, vault, ident, hashes.values())
    made = []
    for line in lines:
        if line.entry is None:
            made.append(_row(ident, line, "bad", problems=line.problems))
            continue
        found = hashes[line.number]
        made.append(_judged(vault, ident, line, _Seen(found, known.get(found), first.get(found))))
        if made[-1]["status"] != "bad":
            first.setdefault(found, line.entry.values.get("name", ""))
    return made


@dataclass(frozen=True, slots=True)
class _Seen:
    """The hash of a line's number, the name of the person who has it, and the name in an earlier line."""

    number_hash: str
    owner: str | None
    before: str | None


def _judged(vault: Vault, ident: str, line: Line, seen: _Seen) -> dict[str, Any]:
    assert line.entry is not None  # noqa: S101 for the type checker
    name = line.entry.values.get("name", "")
    others = [other for other in (seen.owner, seen.before) if other is not None]
    if not all(same_name(name, other) for other in others):
        problem = Problem("number", "other_name", masked(line.entry.values["number"]))
        return _row(ident, line, "bad", problems=(problem,))
    status = "twice" if seen.before is not None else "good" if seen.owner is None else "known"
    body = _sealed(vault, ident, line.number, line.entry)
    return _row(ident, line, status, body=body, number_hash=seen.number_hash)


def same_name(one: str, other: str) -> bool:
    """Say whether two names may be one person's; a name that is not known contradicts nothing."""
    if not one or not other:
        return True
    return fuzz.token_set_ratio(" ".join(sorted(plain_words(one))), " ".join(sorted(plain_words(other)))) >= _SAME


def _sealed(vault: Vault, ident: str, line: int, entry: Entry) -> bytes:
    """Seal what a line says."""
    text = rows.as_json({"values": dict(entry.values), "tags": entry.tags})
    return rows.sealed(vault, import_row.c.body, text, ident, str(line))


def unseal(vault: Vault, ident: str, line: int, body: bytes) -> Entry:
    """Open what a line says."""
    stored = rows.read_json(rows.opened(vault, import_row.c.body, body, ident, str(line)))
    return Entry(stored["values"], tuple(stored["tags"]))


def _row(ident: str, line: Line, status: str, **given: Any) -> dict[str, Any]:
    problems = [problem.to_json() for problem in given.get("problems", ())]
    return {
        "import_id": ident,
        "line": line.number,
        "status": status,
        "number_hash": given.get("number_hash"),
        "body": given.get("body"),
        "problems": problems or None,
    }


def owners(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """Return whose numbers these are: {hash: person id}."""
    query = select(address.c.hash, address.c.person_id).where(address.c.hash.in_(list(hashes)))
    return {row.hash: row.person_id for row in connection.execute(query)}


def _known(connection: Connection, vault: Vault, hashes: Iterable[str]) -> dict[str, str]:
    """Return the names of those whose numbers these are; "" where there is none."""
    found = owners(connection, hashes)
    mine = contact_item.c.person_id.in_(list(found.values())), contact_item.c.name == "name"
    names = {
        row.person_id: rows.opened(vault, contact_item.c.value, row.value, row.person_id, "name")
        for row in connection.execute(select(contact_item).where(*mine))
    }
    return {value: names.get(person, "") for value, person in found.items()}


def _earlier(connection: Connection, vault: Vault, ident: str, hashes: Iterable[str]) -> dict[str, str]:
    """Return the names under which these numbers stand in earlier lines of the same list."""
    query = (
        select(import_row.c.line, import_row.c.number_hash, import_row.c.body)
        .where(import_row.c.import_id == ident, import_row.c.number_hash.in_(list(hashes)))
        .order_by(import_row.c.line.desc())
    )
    return {
        row.number_hash: unseal(vault, ident, row.line, row.body).values.get("name", "")
        for row in connection.execute(query)
    }
