"""Lists that were made to harm, or were broken on the way: a sentence, and never an endless wait."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from bot.adapters import sheets
from bot.ports.imports import BadFile

SHEET = "xl/worksheets/sheet1.xml"
ROWS = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
WORDS = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
ENTITIES = '<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def workbook(name: str, part: str) -> io.BytesIO:
    """Return a workbook with one of its parts exchanged."""
    whole, changed = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.save(whole)
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for one in parts.namelist():
            new.writestr(one, part if one == name else parts.read(one))
    changed.seek(0)
    return changed


@pytest.mark.parametrize(
    ("name", "part"),
    [
        (SHEET, "<worksheet><a"),
        (SHEET, ROWS.format('<row r="1"><c r="A1" t="n"><v>zz</v></c></row>')),
        (SHEET, ROWS.format('<row r="900000000"><c r="A900000000"><v>1</v></c></row>')),
        (SHEET, f"<!DOCTYPE l [{ENTITIES}]>" + ROWS.format(WORDS.format("&i;"))),
        (SHEET, '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + ROWS.format(WORDS.format("&a;"))),
        ("xl/workbook.xml", "<a"),
        ("[Content_Types].xml", "zz"),
    ],
    ids=["cut off", "no number", "far away", "billion laughs", "a file of ours", "no book", "no types"],
)
def test_a_workbook_that_was_made_to_harm_is_refused(name: str, part: str) -> None:
    with pytest.raises(BadFile):
        list(sheets.read(workbook(name, part)))


def test_octets_that_no_encoding_has_are_marked_and_nuls_left_out() -> None:
    assert list(sheets.read(io.BytesIO(b"nom;t\xe9l\n\x81a\x00;1\n"))) == [(1, ["nom", "tél"]), (2, ["\ufffda", "1"])]


def test_a_list_with_thousands_of_columns_is_refused() -> None:
    with pytest.raises(BadFile, match="colonnes"):
        list(sheets.read(io.BytesIO(b"a;" * 5000 + b"\n1\n")))


def test_a_long_cell_is_cut_and_the_lines_after_it_are_read() -> None:
    found = list(sheets.read(io.BytesIO(f"nom;notes\nAwa;{'x' * 9000}\nFanta;y\n".encode())))

    assert [cells for _, cells in found[1:]] == [["Awa", "x" * sheets.CELL], ["Fanta", "y"]]


@pytest.mark.parametrize("swallowed", ["Fanta;y\n" * 900, "x" * 300_000], ids=["lines", "one endless line"])
def test_a_quotation_mark_that_is_never_closed_says_where_it_opens(swallowed: str) -> None:
    with pytest.raises(BadFile, match=r"La ligne 3 .*guillemet .*raccourcissez"):
        list(sheets.read(io.BytesIO(f'nom;notes\nAwa;x\nMoussa;"{swallowed}'.encode())))
