"""Staff change facts with a reason for every refusal, and nothing of the files is lost."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from bot.core.facts import present
from bot.core.facts_editing import BadEdit, edit, overlay, suspend, verify
from bot.core.facts_export import export
from bot.core.facts_reading import parse_facts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHO = {"by": "Awa", "at": NOW}
FILES = Path(__file__).parents[2] / "flows/facts"


def test_a_new_telephone_number_is_read_as_people_write_it_and_shown_in_sentences(facts):
    made = edit(facts, "oim_bamako", {"phones": ["20 22 11 22"]}, **WHO)

    after = overlay(facts, [made])
    assert after.facts["oim_bamako"].phones == ("+22320221122",)
    assert after.values()["oim_phone"] == "20 22 11 22"
    assert "20 22 11 22" in after.facts["oim_bamako"].text


@pytest.mark.parametrize(
    ("fact_id", "changes", "reason"),
    [
        ("oim_bamak", {"status": "stable"}, "Did you mean oim_bamako"),
        ("zzz", {"status": "stable"}, "segin facts list"),
        ("oim_bamako", {"phones": ["22 76 97"]}, "is not a telephone number"),
        ("apej_contact", {"phones": ["20 29 64 55"]}, "show 2 number"),
        ("oim_bamako", {"year": ""}, "year is missing"),
        ("oim_bamako", {"year": "2031"}, "the year '2031' is none"),
        ("oim_bamako", {"status": "open"}, "status 'open' does not exist"),
        ("oim_bamako", {"source": "rumour"}, "'source' cannot be changed"),
        ("oim_bamako", {"says": {"price": "100"}}, "no value 'price'"),
        ("oim_bamako", {"says": {"oim_address": " "}}, "suspend oim_bamako instead"),
        ("oim_bamako", {"status": "internal"}, "must not have values"),
        ("rdv_cout", {"text": ""}, "text is missing"),
    ],
)
def test_a_wrong_change_is_refused_with_the_reason(facts, fact_id, changes, reason):
    with pytest.raises(BadEdit, match=reason):
        edit(facts, fact_id, changes, **WHO)


def test_nobody_changes_a_fact_without_a_name(facts):
    with pytest.raises(BadEdit, match="--by"):
        suspend(facts, "oim_bamako", by=" ", at=NOW)


def test_a_check_is_kept_with_day_and_name_and_never_lies_ahead(facts):
    after = overlay(facts, [verify(facts, "urgence_police", on=date(2026, 11, 20), **WHO)])

    assert (after.facts["urgence_police"].verified_on, after.facts["urgence_police"].verified_by) == (
        date(2026, 11, 20),
        "Awa",
    )
    with pytest.raises(BadEdit, match="lies ahead"):
        verify(facts, "urgence_police", on=date(2026, 12, 1), **WHO)


def test_a_change_takes_an_earlier_check_away(facts):
    checked = overlay(facts, [verify(facts, "oim_bamako", on=date(2026, 11, 20), **WHO)])

    after = overlay(checked, [edit(checked, "oim_bamako", {"phones": ["20 22 11 22"]}, **WHO)])

    assert after.facts["oim_bamako"].verified_on is None


def test_a_suspended_fact_is_no_longer_said_and_comes_back(facts, sentences):
    off = overlay(facts, [suspend(facts, "oim_bamako", **WHO)])
    on = overlay(off, [suspend(off, "oim_bamako", suspended=False, **WHO)])

    def say(known):
        return present(known.of(["oim_bamako"]), "Appelez.", texts=sentences, today=NOW.date())

    assert say(off) == sentences["fact.status.unknown"]
    assert say(on) == say(facts)


def test_edits_come_back_into_the_files_with_their_comments(facts):
    texts = {path.name: path.read_text("utf-8") for path in FILES.glob("*.yml")}
    edits = [
        edit(facts, "oim_bamako", {"phones": ["20 22 11 22"]}, **WHO),
        verify(facts, "oim_bamako", on=date(2026, 11, 20), **WHO),
        edit(facts, "pecule_quand", {"status": "closed", "note": "Vu avec le bureau."}, **WHO),
    ]

    written = export(texts, facts, edits)

    assert written.keys() == {"offices.yml", "programme.yml"}
    assert texts["offices.yml"].splitlines()[0] in written["offices.yml"]
    again, faults = parse_facts({name: yaml.safe_load(text) for name, text in (texts | written).items()})
    assert not faults
    assert again.facts == overlay(facts, edits).facts


def test_an_edit_of_a_fact_that_is_gone_has_no_effect(facts):
    gone = suspend(facts, "oim_bamako", **WHO)
    less = type(facts)(facts={k: v for k, v in facts.facts.items() if k != "oim_bamako"})

    assert overlay(less, [gone]).facts == less.facts
