"""Let staged lines in: new persons all at once, known ones with what was missing of them.

Everything is opened, sealed and hashed before the writers' line is entered, so that a person who writes waits only for
a few inserts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, delete, insert, select, update
from sqlalchemy import null as sql_null
from sqlalchemy.dialects import postgresql, sqlite

from bot.adapters.crypto import Vault
from bot.adapters.sql import hot, import_rows, reads, rows
from bot.adapters.sql.search import SEARCHED, keys_of
from bot.adapters.sql.tables import address, contact_item, opt_out_proof, person, search_key
from bot.adapters.sql.tables_broadcasts import person_tag
from bot.adapters.sql.tables_import import contact_import, import_row
from bot.adapters.sql.writes import SqlTransaction, upserts
from bot.core import phones
from bot.core.entries import Entry, Field
from bot.core.imports import Import
from bot.core.people import RETURN_DATE, Person

_CONTACT: tuple[Field, ...] = ("name", "place", "guardian_name", "guardian_number", "relative_number", "relation")
_PROFILE: tuple[Field, ...] = ("language", "region", "trade", "origin", "sex")
_WHOLE_DAY = len("2026-05-03")
_MERGED_AT_ONCE = 40  # each asks what is known of the person, while the others wait
_CHANNEL = "sms"
# A person's id begins with the import's own and goes on with the line: neighbours in every index, which halves the
# pages that a commit has to write; the line tried again after a crash is the same person.
_OF_IMPORT = 20


_SETTLE = (
    update(import_row)
    .where(import_row.c.import_id == bindparam("the_import"), import_row.c.line == bindparam("the_line"))
    .values(status=bindparam("the_status"), person_id=bindparam("the_person"), body=sql_null(), number_hash=sql_null())
)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One line made ready: its rows by table, all sealed."""

    line: int
    person_id: str
    number_hash: str
    rows: Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Merge:
    """One line about somebody who is known by then."""

    line: int
    number_hash: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Party:
    """The lines of one transaction."""

    found: Import
    now: datetime
    new: list[Newcomer] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return how many lines it has."""
        return len(self.new) + len(self.merges)


def prepare(connection: Connection, vault: Vault, found: Import, *, limit: int, now: datetime) -> Party:
    """Read the next lines and make everything ready that can be made without a lock."""
    party = Party(found, now)
    wanted = ("good", "known", "twice") if found.merge else ("good",)
    query = (
        select(import_row)
        .where(import_row.c.import_id == found.id, import_row.c.line > found.last_line)
        .where(import_row.c.status.in_(wanted), import_row.c.body.is_not(None))
        .order_by(import_row.c.line)
        .limit(limit)
    )
    staged = connection.execute(query).all()
    said = [(row, import_rows.unseal(vault, found.id, row.line, row.body)) for row in staged]
    stopped = _opt_outs(connection, vault, [entry.values["number"] for _, entry in said])
    for row, entry in said:
        number_hash = vault.hash("address", entry.values["number"])  # anew: the index key may be another one by now
        if row.status == "good":
            made = _Made(f"{found.id[:_OF_IMPORT]}{row.line:012x}", number_hash, stopped.get(number_hash, "none"), now)
            party.new.append(Newcomer(row.line, made.person_id, number_hash, _rows(vault, found, entry, made)))
        elif len(party.merges) < _MERGED_AT_ONCE:
            party.merges.append(Merge(row.line, number_hash, entry))
        else:
            break
    return party


@dataclass(frozen=True, slots=True)
class _Made:
    person_id: str
    number_hash: str
    opt_out: str
    now: datetime


def _rows(vault: Vault, found: Import, entry: Entry, made: _Made) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a new person by table."""
    number, ident, now = entry.values["number"], made.person_id, made.now
    items = contact_of(entry)
    sealed = rows.sealed(vault, address.c.value, number, ident, _CHANNEL)
    searched = {f"address {_CHANNEL}": number} | {name: items[name] for name in items if name in SEARCHED}
    return {
        "person": [
            _NEW
            | {"id": ident, "first_seen": now, "opt_out": made.opt_out}
            | _profile(entry)
            | _consent(found, entry, now)
        ],
        "address": [
            {
                "hash": made.number_hash,
                "channel": _CHANNEL,
                "person_id": ident,
                "value": sealed,
                "seen_at": now,
                "operator": phones.operator(number),
            }
        ],
        "contact": [
            {
                "person_id": ident,
                "name": name,
                "value": rows.sealed(vault, contact_item.c.value, value, ident, name),
                "changed_at": now,
            }
            for name, value in items.items()
        ],
        "search": [
            {"person_id": ident, "source": source, "hash": key}
            for source, value in searched.items()
            for key in keys_of(vault, value)
        ],
        "tag": [{"person_id": ident, "tag": tag, "since": now} for tag in tags_of(found, entry)],
    }


_NEW: dict[str, Any] = {
    "consent": "none",
    "consent_source": None,
    "consent_at": None,
    **dict.fromkeys(("language", "region", "trade", "origin", "sex", "return_month")),
    "minor": False,
    "guardian": False,
}
_PERSON = (*_NEW, "id", "first_seen", "opt_out")


def contact_of(entry: Entry) -> dict[str, str]:
    """Return what is sealed of a line, by contact item."""
    items: dict[str, str] = {name: entry.values[name] for name in _CONTACT if name in entry.values}
    returned = entry.values.get("return_date", "")
    return items | ({RETURN_DATE: returned} if len(returned) == _WHOLE_DAY else {})


def _profile(entry: Entry) -> dict[str, Any]:
    """Return what stands in clear of a line, by column."""
    said: dict[str, Any] = {name: entry.values[name] for name in _PROFILE if name in entry.values}
    if "return_date" in entry.values:
        said["return_month"] = entry.values["return_date"][: len("2026-05")]
    flags: tuple[Field, ...] = ("minor", "guardian")
    return said | {name: entry.values[name] == "yes" for name in flags if name in entry.values}


def _consent(found: Import, entry: Entry, now: datetime) -> dict[str, Any]:
    """Return the consent of a line: its own cell's where the list has a column for it, else the whole list's source."""
    if "consent" in found.columns and entry.values.get("consent") != "given":
        return {}
    return {"consent": "given", "consent_source": found.consent_source, "consent_at": now}


def tags_of(found: Import, entry: Entry) -> tuple[str, ...]:
    """Return the list's tag and the line's own."""
    return tuple(dict.fromkeys(filter(None, (found.tag, *entry.tags))))


def _opt_outs(connection: Connection, vault: Vault, numbers: Iterable[str]) -> dict[str, str]:
    """Return what owners of these numbers have asked for before: an import brings nobody back who said stop."""
    by_proof = {proof: vault.hash("address", number) for number in numbers for proof in vault.hashes("address", number)}
    query = select(opt_out_proof).where(opt_out_proof.c.address_hash.in_(list(by_proof))).order_by(opt_out_proof.c.id)
    return {by_proof[row.address_hash]: row.scope for row in connection.execute(query)}


def enter(connection: Connection, vault: Vault, party: Party) -> None:
    """Write a party within the transaction; a number that became somebody's meanwhile stays theirs."""
    inserts = _inserts(connection.dialect.name)
    new = {newcomer.person_id: newcomer for newcomer in party.new}
    for name in ("person", "address"):
        _insert(connection, inserts[name], [row for newcomer in party.new for row in newcomer.rows[name]])
    others = _others(connection, party)
    for newcomer in party.new:
        if newcomer.number_hash in others:
            del new[newcomer.person_id]
            connection.execute(delete(address).where(address.c.person_id == newcomer.person_id))
            connection.execute(delete(person).where(person.c.id == newcomer.person_id))
    for name in ("contact", "search", "tag"):
        _insert(connection, inserts[name], [row for newcomer in new.values() for row in newcomer.rows[name]])
    settled: list[tuple[int, str, str | None]] = [
        (one.line, "in" if one.person_id in new else "left", others.get(one.number_hash, one.person_id))
        for one in party.new
    ]
    settled += [_merge(connection, vault, party, merge) for merge in party.merges]
    _settle(connection, party.found.id, settled)
    reached = {"last_line": max(line for line, _, _ in settled)}
    connection.execute(update(contact_import).where(contact_import.c.id == party.found.id).values(reached))


def _others(connection: Connection, party: Party) -> dict[str, str]:
    """Return whose numbers of the newcomers are somebody else's, on whatever channel: {hash: person id}."""
    hashes = [newcomer.number_hash for newcomer in party.new]
    ours = {newcomer.person_id for newcomer in party.new}
    query = select(address.c.hash, address.c.person_id).where(address.c.hash.in_(hashes))
    return {row.hash: row.person_id for row in connection.execute(query) if row.person_id not in ours}


def _merge(connection: Connection, vault: Vault, party: Party, merge: Merge) -> tuple[int, str, str | None]:
    """Add to a known person what is not known yet; what they have told us themselves stays, and so does a refusal."""
    owner = import_rows.owners(connection, [merge.number_hash]).get(merge.number_hash)
    known = reads.by_id(connection, vault, owner).person if owner else None
    if known is None or known.consent == "refused":
        return merge.line, "left", owner
    verbs = SqlTransaction(connection, vault)
    verbs.save_profile(known.id, _missing(known, party, merge.entry), now=party.now)
    items = contact_of(merge.entry)
    if not items.get(RETURN_DATE, "").startswith(known.return_month or ""):
        items.pop(RETURN_DATE, None)  # another month than they said themselves
    verbs.save_contact(known.id, {name: items[name] for name in items.keys() - known.contact.keys()}, now=party.now)
    tags = [{"person_id": known.id, "tag": tag, "since": party.now} for tag in tags_of(party.found, merge.entry)]
    _insert(connection, _inserts(connection.dialect.name)["tag"], tags)
    connection.execute(update(person).where(person.c.id == known.id).values(planned_by=None))
    return merge.line, "merged", known.id


def _missing(known: Person, party: Party, entry: Entry) -> dict[str, Any]:
    said = {name: value for name, value in _profile(entry).items() if not getattr(known, name)}
    return said | (_consent(party.found, entry, party.now) if known.consent == "none" else {})


def _settle(connection: Connection, ident: str, settled: list[tuple[int, str, str | None]]) -> None:
    values = [
        {"the_import": ident, "the_line": line, "the_status": status, "the_person": owner}
        for line, status, owner in settled
    ]
    hot.execute_many(connection, _SETTLE, values)


@cache
def _inserts(dialect: str) -> dict[str, Insert]:
    into_tags = sqlite.insert(person_tag) if dialect == "sqlite" else postgresql.insert(person_tag)
    return {
        "person": insert(person).values({name: bindparam(name, type_=person.c[name].type) for name in _PERSON}),
        "address": upserts(dialect)["address"],
        "contact": insert(contact_item),
        "search": insert(search_key),
        "tag": into_tags.on_conflict_do_nothing(),
    }


def _insert(connection: Connection, statement: Insert, values: list[dict[str, Any]]) -> None:
    if values:
        hot.execute_many(connection, statement, values)
