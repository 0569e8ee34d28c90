"""Lists of people on their way in: judged line by line, let in slice by slice, and only once."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.adapters import sheets
from bot.adapters.fact_files import read_facts
from bot.adapters.ids import RandomIds
from bot.adapters.sql.imports import SqlImports
from bot.adapters.sql.tables import address, contact_item, person
from bot.adapters.sql.tables_broadcasts import person_tag
from bot.adapters.sql.tables_import import import_piece, import_row
from bot.bootstrap import ROOT
from bot.core import imports
from bot.core.entries import Entry
from bot.core.imports import NotNow, Terms
from bot.core.messages import Address
from bot.ports.imports import BadFile, Line
from bot.service import import_contacts as use
from bot.service.import_contacts import ImportDesk
from bot.understanding.cells import reader
from tests.store.people import AWA, NOW, look_up, meet

LIST = """Nom;Téléphone;Région;Date de retour;Âge
Awa Traoré;70 00 00 01;Kayes;03/05/2026;30
Moussa Keïta;+223 70 00 00 02;Kita;mai 2026;16
"""
SOURCE = "formulaire Kayes, mai 2026"


@pytest.fixture(scope="module")
def facts():
    return read_facts(ROOT).facts


@pytest.fixture
def desk(database, vault, store, clock, facts):
    kept = SqlImports(database, vault)
    return ImportDesk(kept, store, clock, RandomIds(), sheets.read, lambda today: reader(facts, {}, today))


def bring(desk, text, *, tag=""):
    new = use.upload(desk, io.BytesIO(text.encode()), by="oumou")
    assert use.agree(desk, new.id, Terms(new.columns, SOURCE, tag), by="oumou") == ()
    use.work(desk, new.id)
    return desk.imports.one(new.id)


def enter(desk, ident, *, merge=False, all_or_nothing=True):
    use.let_in(desk, ident, merge=merge, all_or_nothing=all_or_nothing, by="oumou")
    use.work(desk, ident)
    return desk.imports.one(ident)


def count(database, what, *where):
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(what).where(*where))


def test_persons_of_a_list_are_known_by_their_number(desk, store):
    done = enter(desk, bring(desk, LIST, tag="kayes-2026").id)

    awa = look_up(store, AWA).person
    assert (done.state, done.counts) == ("done", {"in": 2})
    assert awa.contact["name"] == "Awa Traoré"
    assert (awa.region, awa.return_month, awa.contact["return_date"]) == ("kayes", "2026-05", "2026-05-03")
    assert (awa.consent, awa.consent_source, awa.minor) == ("given", SOURCE, False)
    moussa = look_up(store, Address("sms", "+22370000002")).person
    assert (moussa.return_month, moussa.minor) == ("2026-05", True)
    assert "return_date" not in moussa.contact
    assert store.search("traore") == (awa.id,)
    assert store.search("0001") == (awa.id,)


def test_a_list_that_has_been_let_in_leaves_no_file_and_no_line_behind(desk, database):
    done = enter(desk, bring(desk, LIST, tag="kayes-2026").id)

    assert count(database, import_piece) == 0
    assert count(database, import_row, import_row.c.body.is_not(None)) == 0
    assert count(database, import_row, import_row.c.import_id == done.id, import_row.c.person_id.is_not(None)) == 2
    assert count(database, person_tag, person_tag.c.tag == "kayes-2026") == 2


def test_a_dry_run_keeps_nobody(desk, database):
    found = bring(desk, LIST)
    use.drop(desk, found.id, by="oumou")

    assert found.counts == {"good": 2}
    assert count(database, person) == count(database, import_row) == count(database, import_piece) == 0


def test_none_is_kept_when_one_line_is_wrong_unless_the_good_ones_are_wanted(desk, database):
    found = bring(desk, LIST + "Fanta;12;Mopti;;\n")
    with pytest.raises(NotNow, match="tout ou rien"):
        enter(desk, found.id)
    assert count(database, person) == 0

    assert enter(desk, found.id, all_or_nothing=False).counts == {"in": 2, "bad": 1}
    assert count(database, person) == 2


def test_a_problem_says_the_line_and_masks_the_value(desk):
    found = bring(desk, LIST + "Fanta;70000;Kxyes;;\n")
    [line] = desk.imports.judged(found.id, statuses=("bad",))

    assert line.number == 4
    assert [(one.field, one.fault, one.masked, one.hint) for one in line.problems] == [
        ("number", "no_number", "…00", ""),
        ("region", "unknown", "K… (5 signes)", "Kayes"),
    ]


def test_nobody_has_agreed_whose_cell_of_consent_is_empty_or_unclear(desk, store, database):
    text = "Téléphone;Accord\n70000001;\n70000002;peut-être\n70000003;oui\n"
    done = enter(desk, bring(desk, text).id, all_or_nothing=False)

    assert done.counts == {"bad": 2, "in": 1}
    assert look_up(store, Address("sms", "+22370000003")).person.consent == "given"
    assert count(database, person) == 1


def test_a_line_that_was_read_without_its_consent_does_not_get_it_from_the_list(desk, store):
    new = use.upload(desk, io.BytesIO(b"Telephone;Accord\n70000001;\n"), by="oumou")
    use.agree(desk, new.id, Terms(new.columns, SOURCE), by="oumou")
    desk.imports.stage(new.id, [Line(2, Entry({"number": AWA.reveal()}))])
    desk.imports.change(new.id, {"state": "checked"}, expected=("checking",))
    enter(desk, new.id)

    awa = look_up(store, AWA).person
    assert (awa.consent, awa.consent_source) == ("none", None)


def test_a_number_that_stands_twice_is_one_person_only_once_that_is_confirmed(desk, store):
    twice = LIST + "TRAORE Awa;0022370000001;;;\n"
    found = bring(desk, twice)
    assert found.counts == {"good": 2, "twice": 1}
    with pytest.raises(NotNow):
        enter(desk, found.id)

    assert enter(desk, found.id, merge=True).counts == {"in": 2, "merged": 1}
    assert look_up(store, AWA).person.contact["name"] == "Awa Traoré"


def test_two_names_under_one_number_are_for_a_person_to_decide(desk):
    found = bring(desk, LIST + "Ibrahim Traoré;70000001;;;\n")
    [line] = desk.imports.judged(found.id, statuses=("bad",))

    assert line.problems[0].fault == "other_name"


def test_somebody_we_know_gets_only_what_was_missing_and_only_once_that_is_confirmed(desk, store):
    meet(store)
    with store.write() as tx:
        tx.save_profile("awa", {"region": "mopti"}, now=NOW)
    found = bring(desk, LIST)
    assert found.counts == {"known": 1, "good": 1}

    assert enter(desk, found.id, merge=True).counts == {"merged": 1, "in": 1}
    awa = look_up(store, AWA).person
    assert (awa.id, awa.region, awa.contact["name"], awa.consent) == ("awa", "mopti", "Awa Traoré", "given")


@pytest.mark.parametrize(("said", "day"), [("2026-09", None), ("2026-05", "2026-05-03"), (None, "2026-05-03")])
def test_a_list_does_not_move_the_month_of_return_that_somebody_told(desk, store, said, day):
    meet(store)
    with store.write() as tx:
        tx.save_profile("awa", {"return_month": said}, now=NOW)
    enter(desk, bring(desk, LIST).id, merge=True)

    awa = look_up(store, AWA).person
    assert (awa.return_month, awa.contact.get("return_date")) == (said or "2026-05", day)


def test_a_refusal_stays_a_refusal(desk, store):
    meet(store)
    with store.write() as tx:
        tx.save_profile("awa", {"consent": "refused"}, now=NOW)

    assert enter(desk, bring(desk, LIST).id, merge=True).counts == {"left": 1, "in": 1}
    assert look_up(store, AWA).person.consent == "refused"
    assert "name" not in look_up(store, AWA).person.contact


def test_nobody_who_said_stop_is_brought_back_by_a_list(desk, store):
    meet(store)
    with store.write() as tx:
        tx.set_opt_out("awa", "all", word="stop", now=NOW)
        tx.forget("awa", receipt="K7421R", now=NOW)
    enter(desk, bring(desk, LIST).id)

    assert look_up(store, AWA).person.opt_out == "all"


def test_whoever_writes_while_a_list_is_let_in_stays_themselves(desk, database, store):
    found = bring(desk, LIST)
    meet(store, address=Address("whatsapp", AWA.reveal()))

    assert enter(desk, found.id).counts == {"left": 1, "in": 1}
    assert look_up(store, AWA).person.id == "awa"
    assert count(database, address, address.c.person_id != "awa") == 1
    assert count(database, person) == 2


@pytest.fixture
def small_slices(monkeypatch):
    monkeypatch.setattr(imports, "READ_SLICE", 2)
    monkeypatch.setattr(imports, "LET_IN_SLICE", 2)


def bring_in(desk, ident):
    use.work(desk, ident)
    if desk.imports.one(ident).state == "checked":
        use.let_in(desk, ident, merge=False, all_or_nothing=True, by="oumou")
    use.work(desk, ident)


def crashing(work, slices):
    def counted(*given, **more):
        if next(slices, None) is None:
            raise KeyboardInterrupt
        return work(*given, **more)

    return counted


@pytest.mark.parametrize("after", range(6))
@pytest.mark.usefixtures("small_slices")
def test_a_crash_between_two_slices_neither_loses_nor_doubles_anybody(desk, database, clock, monkeypatch, after):
    many = "Téléphone;Nom\n" + "".join(f"7000001{n};Awa{n}\n" for n in range(7))
    new = use.upload(desk, io.BytesIO(many.encode()), by="oumou")
    use.agree(desk, new.id, Terms(new.columns, SOURCE), by="oumou")
    slices = iter(range(after))
    with monkeypatch.context() as patched:
        for name in ("stage", "let_in"):
            patched.setattr(SqlImports, name, crashing(getattr(SqlImports, name), slices))
        with pytest.raises(KeyboardInterrupt):
            bring_in(desk, new.id)
    assert use.work(desk, new.id) is False  # somebody has it in their hands, as far as anybody knows

    _later(clock)
    bring_in(desk, new.id)
    use.work_imports(desk)

    assert desk.imports.one(new.id).counts == {"in": 7}
    assert count(database, person) == count(database, contact_item) == 7


@pytest.mark.usefixtures("small_slices")
def test_getting_back_to_where_it_stopped_is_no_part_of_a_stretch(desk, clock):
    def slow(file):
        clock.at += timedelta(minutes=1)
        return sheets.read(file)

    many = "Téléphone;Nom\n" + "".join(f"7000001{n};Awa{n}\n" for n in range(7))
    new = use.upload(desk, io.BytesIO(many.encode()), by="oumou")
    use.agree(desk, new.id, Terms(new.columns, SOURCE), by="oumou")

    assert use.work_imports(replace(desk, sheet=slow)) == 1
    assert desk.imports.one(new.id).state == "checked"


@pytest.mark.usefixtures("small_slices")
def test_a_stretch_ends_when_its_time_is_over_and_the_next_goes_on(desk, clock, monkeypatch):
    def slow(*given, **more):
        clock.at += timedelta(seconds=10)
        return stage(*given, **more)

    stage = SqlImports.stage
    monkeypatch.setattr(SqlImports, "stage", slow)
    many = "Téléphone;Nom\n" + "".join(f"700001{n};Awa{n}\n" for n in range(10, 30))
    new = use.upload(desk, io.BytesIO(many.encode()), by="oumou")
    use.agree(desk, new.id, Terms(new.columns, SOURCE), by="oumou")

    use.work_imports(desk)
    assert 0 < desk.imports.one(new.id).lines < 20
    while desk.imports.one(new.id).state == "checking":
        use.work_imports(desk)
    assert desk.imports.one(new.id).counts == {"good": 20}


def _later(clock):
    clock.at += timedelta(minutes=3)


def test_only_one_works_on_a_list(desk):
    new = use.upload(desk, io.BytesIO(LIST.encode()), by="oumou")
    use.agree(desk, new.id, Terms(new.columns, SOURCE), by="oumou")
    now = desk.clock.now()

    assert desk.imports.claim(new.id, until=now + timedelta(minutes=1), now=now) is True
    assert use.work(desk, new.id) is False


def test_an_erased_person_is_no_longer_in_the_list_they_came_in_by(desk, database, store):
    enter(desk, bring(desk, LIST, tag="kayes").id)
    with store.write() as tx:
        tx.forget(look_up(store, AWA).person.id, receipt="K7421R", now=NOW)

    assert count(database, import_row, import_row.c.person_id.is_not(None)) == 1
    assert count(database, person_tag) == 1


def test_a_list_about_which_nobody_decides_goes_after_a_week(desk, database, clock):
    found = bring(desk, LIST)
    clock.at += timedelta(days=8)
    use.work_imports(desk)

    assert desk.imports.one(found.id).state == "dropped"
    assert count(database, import_row) == 0


def test_wrong_columns_can_be_chosen_again(desk):
    found = bring(desk, LIST)
    use.again(desk, found.id, by="oumou")
    use.agree(desk, found.id, Terms(("name", "number", None, None, None), SOURCE), by="oumou")
    use.work(desk, found.id)

    assert desk.imports.one(found.id).counts == {"good": 2}


@pytest.mark.parametrize(
    ("columns", "source", "told"),
    [
        (("name", None), SOURCE, "téléphone"),
        (("number", "number"), SOURCE, "deux colonnes"),
        (("number", None), "", "accord"),
        (("number", None), "x" * 65, "accord"),
    ],
)
def test_a_list_is_not_read_before_it_is_clear_what_it_says(desk, columns, source, told):
    new = use.upload(desk, io.BytesIO(b"a;b\n70000001;c\n"), by="oumou")
    [fault] = use.agree(desk, new.id, Terms(columns, source), by="oumou")

    assert told in fault
    assert desk.imports.one(new.id).state == "uploaded"


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"PK\x03\x04 no workbook"], ids=["empty", "blank", "broken workbook"]
)
def test_what_is_no_list_is_refused(desk, content):
    with pytest.raises(BadFile):
        use.upload(desk, io.BytesIO(content), by="oumou")


def test_a_quotation_mark_that_is_never_closed_fails_with_its_line(desk):
    text = 'Téléphone;Nom\n70000001;Awa\n70000002;"' + "70000003;Fanta\n" * 300
    found = bring(desk, text)

    assert found.state == "failed"
    assert "La ligne 3" in found.failure
    assert "guillemet" in found.failure


def test_a_long_remark_in_a_column_that_is_left_out_keeps_nobody_out(desk):
    text = f"Téléphone;Divers\n70000001;{'x' * 9000}\n70000002;y\n"

    assert bring(desk, text).counts == {"good": 2}


def test_a_long_name_is_a_problem_of_its_line(desk):
    found = bring(desk, f"Téléphone;Nom\n70000001;{'x' * 9000}\n70000002;Awa\n")
    [line] = desk.imports.judged(found.id, statuses=("bad",))

    assert (line.number, line.problems[0].fault, found.counts) == (2, "too_long", {"bad": 1, "good": 1})


def test_the_first_line_of_a_list_without_titles_is_somebody(desk, store):
    new = use.upload(desk, io.BytesIO(b"Awa;70 00 00 01;Kayes\nMoussa;70000002;Kita\n"), by="oumou")
    assert new.titles == ("colonne A", "colonne B", "colonne C")
    assert new.columns == (None, "number", None)
    assert [cells[0] for cells in use.sample(desk, new)] == ["Awa", "Moussa"]

    use.agree(desk, new.id, Terms(("name", "number", "region"), SOURCE), by="oumou")
    use.work(desk, new.id)

    assert enter(desk, new.id).counts == {"in": 2}
    assert look_up(store, AWA).person.contact["name"] == "Awa"


def test_columns_without_titles_are_called_as_spreadsheets_do():
    names = imports.column_names(54)

    assert [names[at] for at in (0, 25, 26, 53)] == ["colonne A", "colonne Z", "colonne AA", "colonne BB"]
