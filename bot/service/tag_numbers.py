"""Turn a list of numbers into an audience: a tag on the persons whom we know by them; other numbers leave no trace."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Final, TypeAlias

from bot.core import phones
from bot.core.imports import TAG_LETTERS
from bot.core.messages import Address
from bot.core.staff import Staff
from bot.ports.broadcasts import Broadcasts
from bot.ports.imports import BadFile
from bot.service.ports import Ports
from bot.understanding.columns import guess

Sheet: TypeAlias = Callable[[IO[bytes]], Iterator[tuple[int, list[str]]]]
_SLICE: Final = 500  # numbers in one transaction


@dataclass(frozen=True, slots=True)
class Tagged:
    """What became of a list: persons who are known, numbers in all, and the first lines that hold no number."""

    known: int
    numbers: int
    unreadable: tuple[int, ...]


def tag_numbers(ports: Ports, broadcasts: Broadcasts, rows: Iterator[tuple[int, list[str]]], *, tag: str) -> Tagged:
    """Tag whom we know of the numbers in a list, titles or not. Raises BadFile with what to do."""
    if not tag.strip() or len(tag) > TAG_LETTERS:
        msg = f"Donnez à la liste un nom de {TAG_LETTERS} signes au plus."
        raise BadFile(msg)
    column, cells = _column(rows)
    known, numbers, unreadable = 0, 0, list[int]()
    while part := list(islice(cells, _SLICE)):
        read = [(line, phones.parse(text)) for line, row in part if (text := _cell(row, column))]
        addresses = [Address("sms", phone.e164) for _, phone in read if phone]
        unreadable += [line for line, phone in read if phone is None]
        numbers += len(addresses)
        if addresses:
            known += broadcasts.tag(tag.strip(), addresses, now=ports.clock.now())
    return Tagged(known, numbers, tuple(unreadable[:100]))


def _cell(row: list[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _column(rows: Iterator[tuple[int, list[str]]]) -> tuple[int, Iterator[tuple[int, list[str]]]]:
    """Find the column of numbers by its title, or by the first line itself where it has none."""
    first = next(rows, None)
    if first is None:
        raise BadFile("Le fichier est vide ; choisissez la liste des numéros.")
    bare = next((at for at, cell in enumerate(first[1]) if phones.parse(cell)), None)
    if bare is not None:
        return bare, chain((first,), rows)
    titled = next((at for at, found in enumerate(guess(first[1])) if found.field == "number"), None)
    if titled is None:
        raise BadFile("Aucune colonne ne s'appelle « Téléphone » ; donnez ce titre à celle des numéros.")
    return titled, rows


def note_tagged(ports: Ports, staff: Staff, tag: str, made: Tagged) -> None:
    """Note who made the list, and how many persons it names."""
    with ports.store.write() as tx:
        tx.audit(actor=staff.id, action="list.tag", object_id=tag, now=ports.clock.now(), detail=str(made.known))
