"""Tables as people keep them: CSV in any of the usual writings, and XLSX; read and written row by row."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook, load_workbook

from bot.ports.imports import BadFile

_PROBE = 64 * 1024
_UNPACKED = 400 * 1024 * 1024  # bytes of all parts of an XLSX; 100,000 lines have some 60 MB
_ROWS = 2**20  # as many as Excel has
_COLUMNS = 200  # each is a line of the form that asks what it is
_DELIMITERS = ";,\t|"
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes these for a formula (OWASP, CSV injection)
CELL = 4096  # characters; of a longer one the rest is left out
_LONGEST = 256 * 1024  # characters of a cell before it is cut


def read(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of a CSV or XLSX file, the titles first, empty lines left out. Raises BadFile."""
    start = file.read(4)
    file.seek(0)
    if not start:
        raise BadFile("Le fichier est vide ; choisissez la liste des personnes.")
    found = _xlsx(file) if start.startswith(b"PK\x03\x04") else _csv(file)
    return ((line, _cells(line, cells)) for line, cells in found if any(cell.strip() for cell in cells))


def _cells(line: int, cells: list[str]) -> list[str]:
    """Return what a database and a page can hold of a line. Raises BadFile."""
    if len(cells) > _COLUMNS:
        msg = f"La ligne {line} a plus de {_COLUMNS} colonnes ; supprimez celles qui sont vides ou inutiles."
        raise BadFile(msg)
    return [cell.replace("\0", "")[:CELL] for cell in cells]


def _csv(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(_Kept(file), encoding=_encoding(file), errors="replace", newline="")
    first = text.readline()
    text.seek(0)
    csv.field_size_limit(_LONGEST)
    rows, line = csv.reader(text, delimiter=max(_DELIMITERS, key=first.count) if first.strip() else ","), 0
    try:
        for cells in rows:
            _refuse_swallowed(line + 1, cells)
            line = rows.line_num
            yield line, cells
    except csv.Error as error:
        raise BadFile(_SWALLOWED.format(line + 1, _LONGEST)) from error


_SWALLOWED = (
    "La ligne {} a une case de plus de {} signes : cherchez-y un guillemet qui n'est pas fermé, ou raccourcissez-la."
)


def _refuse_swallowed(line: int, cells: list[str]) -> None:
    """Refuse a long cell that goes on over several lines: a quotation mark that was never closed makes such ones."""
    if any(len(cell) > CELL and ("\n" in cell or "\r" in cell) for cell in cells):
        raise BadFile(_SWALLOWED.format(line, CELL))


class _Kept(io.BufferedReader):
    """A reader whose file stays open when the text around it goes."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)  # type: ignore[arg-type]

    def close(self) -> None:
        """Leave the file to whoever opened it."""


def _encoding(file: IO[bytes]) -> str:
    """Return UTF-8 (or 16 with its mark) where the whole file is that, otherwise the western European of Windows."""
    mark = file.read(2)
    file.seek(0)
    if mark in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        with io.TextIOWrapper(_Kept(file), encoding="utf-8") as text:
            while text.read(_PROBE):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _xlsx(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of the first sheet. Raises BadFile, whatever openpyxl makes of a file that was made to harm."""
    try:
        yield from _sheet(file)
    except BadFile:
        raise
    except Exception as error:
        msg = "Ce n'est pas un classeur lisible ; ouvrez-le et enregistrez-le en .xlsx ou en CSV."
        raise BadFile(msg) from error


def _sheet(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    with zipfile.ZipFile(file) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > _UNPACKED:
        raise BadFile("Le classeur est trop grand ; enregistrez la feuille en CSV et envoyez-la par parties.")
    file.seek(0)
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            if line > _ROWS:  # a cell that says it lies in row 900,000,000 makes as many empty ones
                raise BadFile("La feuille a trop de lignes ; supprimez les lignes vides et enregistrez-la en CSV.")
            yield line, [_text(cell) for cell in cells]
    finally:
        book.close()


def _text(cell: Any) -> str:
    """Write a cell as somebody would type it: numbers without decimals, days without a time."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def safe(value: object) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RISKY) else text


def write_csv(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV as French spreadsheets open it (UTF-8 with mark, semicolons), some lines at a time."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, delimiter=";")
    for row in rows:
        writer.writerow([safe(value) for value in row])
        if buffer.tell() > _PROBE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_xlsx(rows: Iterable[Sequence[object]], file: IO[bytes]) -> None:
    """Write a workbook of one sheet into `file`, row by row, so that its size does not matter to memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([value if isinstance(value, int | float) else safe(value) for value in row])
    book.save(file)
