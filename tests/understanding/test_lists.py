"""Lists of people as they come: titles, numbers, dates, yes and no, and spreadsheets with habits of their own."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from bot.adapters import sheets
from bot.adapters.fact_files import read_facts
from bot.adapters.understanding_files import towns
from bot.bootstrap import ROOT
from bot.core.entries import Problem, masked, sentence
from bot.understanding.cells import reader
from bot.understanding.columns import guess

TODAY = date(2026, 11, 23)
TITLES = """Nom et prénoms|Téléphone|Région de retour|Métier|Date de retour|Sexe|Âge|N° du tuteur|Observations
Full name|Phone number|Region|Trade|Return date|Gender|DOB|Guardian phone|Remarks
NOM|tel.|REGION|PROFESSION|date retour|sexe|date de naissance|tél tuteur|divers"""
FOUND = ("name", "number", "region", "trade", "return_date", "sex", "minor", "guardian_number", None)


@pytest.fixture(scope="module")
def read():
    made = reader(read_facts(ROOT).facts, towns(ROOT), TODAY)

    def one(**cells):
        columns = ("number", *cells)
        return made.read(["76 12 34 56", *cells.values()], columns)

    return one


@pytest.mark.parametrize("line", TITLES.splitlines())
def test_titles_are_understood_in_french_and_english(line):
    assert tuple(found.field for found in guess(line.split("|"))) == FOUND


def test_a_field_is_guessed_for_one_column_only():
    assert [found.field for found in guess(["Téléphone", "Telephone 2", "tel"])].count("number") == 1


@pytest.mark.parametrize(
    "written",
    ["76123456", "76 12 34 56", "+223 76-12-34-56", "0022376123456", "22376123456", "223 76 12 34 56", "76.12.34.56"],
)
def test_numbers_are_read_as_people_write_them(read, written):
    columns = ("number",)
    found = reader(read_facts(ROOT).facts, {}, TODAY).read([written], columns)

    assert found.entry.values["number"] == "+22376123456"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "empty"),
        ("7612", "no_number"),
        ("2.23761E+10", "scientific"),
        ("20 22 33 44", "not_mobile"),
        ("non", "no_number"),
    ],
)
def test_what_is_no_mobile_number_says_why(written, fault):
    found = reader(read_facts(ROOT).facts, {}, TODAY).read([written], ("number",))

    assert [problem.fault for problem in found.problems] == [fault]


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("region", "KAYES", "kayes"),
        ("region", "Ségou", "segou"),
        ("region", "Kaye", "kayes"),
        ("region", "Ansongo", "gao"),
        ("region", "Kita", "kita"),
        ("trade", "Maçon", "maconnerie"),
        ("trade", "couturière", "couture"),
        ("origin", "Maroc", "MA"),
        ("origin", "Côte d'Ivoire", "CI"),
        ("language", "Bamanankan", "bm"),
        ("sex", "Femme", "f"),
        ("sex", "H", "m"),
        ("return_date", "03/05/2026", "2026-05-03"),
        ("return_date", "2026-05-03", "2026-05-03"),
        ("return_date", "3.5.26", "2026-05-03"),
        ("return_date", "05/2026", "2026-05"),
        ("return_date", "mai 2026", "2026-05"),
        ("return_date", "1er août 2026", "2026-08-01"),
        ("return_date", "46145", "2026-05-03"),
        ("return_date", "46145.5", "2026-05-03"),
        ("minor", "40330", "yes"),
        ("minor", "17", "yes"),
        ("minor", "18 ans", "no"),
        ("minor", "2010", "yes"),
        ("minor", "24/11/2008", "yes"),
        ("minor", "23/11/2008", "no"),
        ("minor", "oui", "yes"),
        ("guardian", "non", "no"),
        ("consent", "OUI", "given"),
        ("name", "  Awa   Traoré ", "Awa Traoré"),
        ("guardian_number", "66 00 00 01", "+22366000001"),
    ],
)
def test_cells_are_read_as_people_write_them(read, field, written, kept):
    assert read(**{field: written}).entry.values[field] == kept


@pytest.mark.parametrize(
    ("field", "written", "fault"),
    [
        ("region", "Tokyo", "unknown"),
        ("sex", "peut-être", "unknown"),
        ("return_date", "31/02/2026", "not_a_date"),
        ("return_date", "bientôt", "not_a_date"),
        ("return_date", "01/12/2026", "future"),
        ("return_date", "03/05/1826", "too_old"),
        ("return_date", "12345", "too_old"),
        ("return_date", "99999", "future"),
        ("minor", "jeune", "not_a_date"),
        ("consent", "non", "no_consent"),
        ("consent", "", "consent_empty"),
        ("consent", "peut-être", "consent_unclear"),
        ("name", "x" * 121, "too_long"),
        ("tags", "a,b,c,d,e,f,g,h,i", "too_long"),
        ("guardian_number", "76123456", "guardian_is_person"),
    ],
)
def test_a_cell_that_cannot_be_kept_says_why(read, field, written, fault):
    found = read(**{field: written})

    assert found.entry is None
    assert [(problem.field, problem.fault) for problem in found.problems] == [(field, fault)]


@pytest.mark.parametrize("written", ["", "peut-être"])
def test_no_sentence_about_a_consent_says_to_leave_it_empty(read, written):
    [problem] = read(consent=written).problems

    assert "laissez" not in sentence(2, "Accord", problem)
    assert "oui ou non" in sentence(2, "Accord", problem)


def test_a_line_that_ends_before_the_consent_gives_none():
    made = reader(read_facts(ROOT).facts, {}, TODAY)

    assert made.read(["76123456"], ("number", "consent")).problems == (Problem("consent", "consent_empty"),)


def test_a_near_miss_says_what_may_be_meant(read):
    assert read(region="Kxyes").problems[0].hint == "Kayes"


def test_a_line_with_too_many_cells_is_looked_at_and_empty_ones_do_not_count(read):
    made = reader(read_facts(ROOT).facts, {}, TODAY)

    assert made.read(["76123456", "", ""], ("number",)).entry is not None
    assert made.read(["76123456", "x"], ("number",)).problems[0].fault == "too_many_cells"


def test_tags_are_parted():
    made = reader(read_facts(ROOT).facts, {}, TODAY)

    assert made.read(["76123456", "Kayes ; mai, Kayes"], ("number", "tags")).entry.tags == ("Kayes", "mai")


def test_a_problem_is_one_sentence_without_the_value():
    told = sentence(12, "Téléphone", Problem("number", "no_number", masked("76 12 34 5")))

    assert told.startswith("Ligne 12, « Téléphone » (…45) : ce numéro n'existe pas")
    assert masked("Awa Traoré") == "A… (10 signes)"


LIST = 'Nom;Tél\n"Traoré; Awa";76123456\n\nKeïta;76123457\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_is_read(encoding):
    found = list(sheets.read(io.BytesIO(LIST.encode(encoding))))

    assert found == [(1, ["Nom", "Tél"]), (2, ["Traoré; Awa", "76123456"]), (4, ["Keïta", "76123457"])]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_any_usual_delimiter_is_read(delimiter):
    text = f"Nom{delimiter}Tél\r\nAwa{delimiter}76\r\n"

    assert [cells for _, cells in sheets.read(io.BytesIO(text.encode()))] == [["Nom", "Tél"], ["Awa", "76"]]


def test_a_workbook_is_read_as_somebody_would_type_it():
    book = Workbook()
    book.active.append(["Nom", "Tél", "Retour", "Mineur", "Âge"])
    book.active.append(["Awa", 76123456, date(2026, 5, 3), True, 17.0])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)

    assert list(sheets.read(file))[1] == (2, ["Awa", "76123456", "2026-05-03", "oui", "17"])


@pytest.mark.parametrize("risky", ["=1+1", "+223", "-2", "@cmd", "\t=1"])
def test_no_cell_that_we_write_is_a_formula(risky):
    written = b"".join(sheets.write_csv([[risky]])).decode("utf-8-sig")
    file = io.BytesIO()
    sheets.write_xlsx([[risky]], file)
    file.seek(0)

    assert written.lstrip('"').startswith("'")
    assert next(sheets.read(file))[1][0].startswith("'")
