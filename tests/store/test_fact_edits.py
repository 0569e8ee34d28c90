"""Changes of facts are kept in their order, with who made them and why."""

from datetime import UTC, datetime

from sqlalchemy import text

from bot.adapters.sql.fact_edits import SqlFactEdits
from bot.core.facts_editing import FactEdit

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST = FactEdit("oim_bamako", {"phones": ["+22320221122"], "verified_on": None}, "Awa", AT)
SECOND = FactEdit("oim_bamako", {"suspended": True}, "Moussa", AT, "personne ne répond")


def test_changes_come_back_oldest_first_and_the_newest_has_a_number(database):
    edits = SqlFactEdits(database)
    assert (edits.newest(), edits.all()) == (0, ())

    edits.add(FIRST)
    before = edits.newest()
    edits.add(SECOND)

    assert edits.all() == (FIRST, SECOND)
    assert edits.newest() > before


def test_a_change_stands_in_the_audit_trail_without_its_content(database):
    SqlFactEdits(database).add(FIRST)

    with database.reading() as connection:
        row = connection.execute(text("SELECT actor, action, object_id, detail FROM audit")).one()
    assert tuple(row) == ("Awa", "fact_edit", "oim_bamako", "phones, verified_on")
