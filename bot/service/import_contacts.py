"""Bring a list of people in: keep the file, read it line by line, let it in when somebody has said so."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import IO, Final, TypeAlias

from bot.core import imports
from bot.core.entries import Field
from bot.core.imports import Import, NotNow, State, Terms
from bot.ports import Clock, Ids, Store
from bot.ports.imports import BadFile, Imports, Line
from bot.understanding.cells import Reader
from bot.understanding.columns import guess

Sheet: TypeAlias = Callable[[IO[bytes]], Iterator[tuple[int, list[str]]]]

_LEASE: Final = timedelta(minutes=2)
_RENEWED: Final = timedelta(seconds=30)
# One task's work, from its first new line on: a queue gives what takes a minute to somebody else as well, and each has
# to read the file up to where it goes on.
SLICE: Final = timedelta(seconds=15)
_UNDECIDED: Final = timedelta(days=7)  # a list that nobody decides about does not stay
_NOBODY: Final = "segin"


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """What imports work with. `sheet` yields (line, cells), titles first, and raises BadFile."""

    imports: Imports
    store: Store
    clock: Clock
    ids: Ids
    sheet: Sheet
    reader: Callable[[date], Reader]

    def audit(self, ident: str, action: str, *, by: str, detail: str = "") -> None:
        """Note who did what to which list."""
        with self.store.write() as tx:
            tx.audit(actor=by, action=f"import.{action}", object_id=ident, now=self.clock.now(), detail=detail)


def upload(desk: ImportDesk, file: IO[bytes], *, by: str) -> Import:
    """Keep a list, with a guess for each of its columns. Raises BadFile."""
    content = io.BytesIO(file.read(imports.MOST_BYTES + 1))
    if content.getbuffer().nbytes > imports.MOST_BYTES:
        msg = f"Le fichier dépasse {imports.MOST_BYTES // 1024 // 1024} Mo ; coupez la liste en plusieurs fichiers."
        raise BadFile(msg)
    first = next((cells for _, cells in desk.sheet(content)), None)
    if first is None:
        raise BadFile("Le fichier est vide ; choisissez la liste des personnes.")
    titles, columns = _columns(first)
    new = Import(desk.ids.new(), by, desk.clock.now(), "uploaded", titles, columns)
    content.seek(0)
    desk.imports.add(new, iter(lambda: content.read(imports.PIECE), b""))
    desk.audit(new.id, "upload", by=by)
    return new


def _columns(first: Sequence[str]) -> tuple[tuple[str, ...], tuple[Field | None, ...]]:
    """Return the titles of a list by its first line, and a guess for each column."""
    number = imports.number_column(first)
    if number is None:
        return tuple(first), tuple(found.field for found in guess(first))
    return imports.column_names(len(first)), tuple("number" if at == number else None for at in range(len(first)))


def _persons(desk: ImportDesk, content: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a list that are somebody: all but its titles."""
    rows = desk.sheet(content)
    first = next(rows, None)
    if first is not None and imports.number_column(first[1]) is not None:
        yield first
    yield from rows


def sample(desk: ImportDesk, found: Import, *, lines: int = 3) -> list[list[str]]:
    """Return the first lines below the titles, for whoever confirms the columns."""
    rows = _persons(desk, io.BytesIO(b"".join(desk.imports.file(found.id))))
    return [cells for _, cells in islice(rows, lines)]


def agree(desk: ImportDesk, ident: str, terms: Terms, *, by: str) -> tuple[str, ...]:
    """Have a list read under these terms; returns what is missing instead, as sentences. Raises NotNow."""
    faults = imports.faults_of(terms)
    if not faults:
        changes = {
            "columns": list(terms.columns),
            "consent_source": terms.consent_source.strip(),
            "tag": terms.tag.strip(),
        }
        _move(desk, ident, "checking", changes, expected=("uploaded",))
        desk.audit(ident, "check", by=by, detail=terms.consent_source.strip())
    return faults


def again(desk: ImportDesk, ident: str, *, by: str) -> None:
    """Go back to the choice of columns; nothing that was read stays. Raises NotNow."""
    _move(desk, ident, "uploaded", {"lines": 0, "last_line": 0}, expected=("checked",))
    desk.imports.unread(ident)
    desk.audit(ident, "again", by=by)


def let_in(desk: ImportDesk, ident: str, *, merge: bool, all_or_nothing: bool, by: str) -> None:
    """Have a checked list let in as chosen. Raises NotNow with what stands against it."""
    found = desk.imports.one(ident)
    reason = "Cette liste n'existe pas." if found is None else None
    if found is not None:
        reason = imports.why_not_let_in(found, merge=merge, all_or_nothing=all_or_nothing)
    if reason:
        raise NotNow(reason)
    chosen = {"merge": merge, "all_or_nothing": all_or_nothing, "last_line": 0}
    _move(desk, ident, "letting_in", chosen, expected=("checked",))
    desk.audit(ident, "let_in", by=by, detail="merge" if merge else "")


def drop(desk: ImportDesk, ident: str, *, by: str) -> None:
    """Give a list up; nobody of it is kept. Raises NotNow once persons are being let in."""
    expected: tuple[State, ...] = ("uploaded", "checking", "checked", "failed")
    _move(desk, ident, "dropped", {"finished_at": desk.clock.now()}, expected=expected)
    desk.imports.unread(ident)
    desk.imports.clear(ident)
    desk.audit(ident, "drop", by=by)


def work_imports(desk: ImportDesk) -> int:
    """Go on with the lists that wait, for some seconds; returns how many were worked on."""
    now = desk.clock.now()
    for found in desk.imports.newest():
        if found.state in ("uploaded", "checked", "failed") and found.created_at < now - _UNDECIDED:
            drop(desk, found.id, by=_NOBODY)
    waiting = desk.imports.waiting(now=now)
    return sum(work(desk, ident, within=SLICE) for ident in waiting)


def work(desk: ImportDesk, ident: str, *, within: timedelta | None = None) -> bool:
    """Read a list or let it in, for some time or to the end; False when somebody else works on it.

    It may end at any moment: what is written stays, and the next one goes on after the last line.
    """
    now = desk.clock.now()
    if not desk.imports.claim(ident, until=now + _LEASE, now=now):
        return False
    found = desk.imports.one(ident)
    if found is not None and found.state == "checking":
        _read(desk, found, _Hands(desk, ident, within, now))
    elif found is not None and found.state == "letting_in":
        _enter(desk, found, _Hands(desk, ident, within, now))
    return True


@dataclass(slots=True)
class _Hands:
    """How long somebody has a list in their hands."""

    desk: ImportDesk
    ident: str
    within: timedelta | None
    renewed: datetime
    until: datetime | None = None

    def hold(self) -> bool:
        """Say whether to go on, and hold on to the list."""
        now = self.desk.clock.now()
        if self.until is None and self.within is not None:
            self.until = now + self.within
        if self.until is not None and now >= self.until:
            self.desk.imports.change(self.ident, {"lease_until": None}, expected=("checking", "letting_in"))
            return False
        if now > self.renewed + _RENEWED:
            self.renewed = now
            held = {"lease_until": now + _LEASE}
            return self.desk.imports.change(self.ident, held, expected=("checking", "letting_in"))
        return True


def _read(desk: ImportDesk, found: Import, hands: _Hands) -> None:
    reader = desk.reader(desk.clock.now().date())
    content = io.BytesIO(b"".join(desk.imports.file(found.id)))
    try:
        for lines in _slices(reader, _persons(desk, content), found):
            desk.imports.stage(found.id, lines)
            if not hands.hold():
                return
    except BadFile as error:
        _move(desk, found.id, "failed", {"failure": str(error), "lease_until": None}, expected=("checking",))
        desk.imports.unread(found.id)
        desk.imports.clear(found.id)
        return
    desk.imports.change(found.id, {"state": "checked", "lease_until": None}, expected=("checking",))


def _slices(reader: Reader, rows: Iterator[tuple[int, list[str]]], found: Import) -> Iterator[list[Line]]:
    """Read what has not been read yet, some lines at a time."""
    columns: Sequence[Field | None] = found.columns
    fresh = ((number, cells) for number, cells in rows if number > found.last_line)
    while part := list(islice(fresh, imports.READ_SLICE)):
        if part[-1][0] > imports.MOST_LINES:
            msg = f"La liste a plus de {imports.MOST_LINES} lignes ; coupez-la en plusieurs fichiers."
            raise BadFile(msg)
        yield [_line(number, cells, reader, columns) for number, cells in part]


def _line(number: int, cells: list[str], reader: Reader, columns: Sequence[Field | None]) -> Line:
    read = reader.read(cells, columns)
    return Line(number, read.entry, read.problems)


def _enter(desk: ImportDesk, found: Import, hands: _Hands) -> None:
    while desk.imports.let_in(found.id, limit=imports.LET_IN_SLICE, now=desk.clock.now()):
        if not hands.hold():
            return
    desk.imports.clear(found.id)
    ended = {"state": "done", "lease_until": None, "finished_at": desk.clock.now()}
    desk.imports.change(found.id, ended, expected=("letting_in",))
    done = desk.imports.one(found.id)
    desk.audit(found.id, "done", by=_NOBODY, detail="" if done is None else str(done.count("in", "merged")))


def _move(
    desk: ImportDesk, ident: str, state: State, changes: Mapping[str, object], *, expected: tuple[State, ...]
) -> None:
    if not desk.imports.change(ident, {**changes, "state": state}, expected=expected):
        raise NotNow("Cette liste a changé entre-temps ou n'existe plus ; regardez où elle en est.")
