"""Contact data is kept as told, shown shortened, and an older file is a person's matter."""

from datetime import date

import pytest

from flows.actions.keep_in_touch import (
    ForgetPlace,
    GiveConsent,
    OpenContactChange,
    RefuseConsent,
    SaveCalls,
    SaveContact,
    SaveRelative,
    SaveReturn,
    ShowContact,
    return_month,
)


def test_it_keeps_consent_and_refusal(act):
    assert act(GiveConsent()).effects == [{"effect": "save_profile", "items": {"consent": "given"}}]
    assert act(RefuseConsent()).effects == [{"effect": "save_profile", "items": {"consent": "refused"}}]


def test_it_keeps_secrets_apart_from_what_audiences_are_asked_for(act):
    contact, profile = act(
        SaveContact(), person_name="Awa", place="Kati", phone="+22376123456", region="koulikoro", had_foras=True,
        from_morocco=True,
    ).effects  # fmt: skip

    assert contact["items"] == {"name": "Awa", "place": "Kati", "number": "+22376123456", "foras": "yes"}
    assert profile["items"] == {"region": "koulikoro", "origin": "MA"}


def test_it_does_not_touch_what_was_not_asked(act):
    assert [e["items"] for e in act(SaveContact(), person_name="Awa").effects] == [{"name": "Awa"}]


def test_it_keeps_no_country_but_the_one_that_changes_an_answer(act):
    done = act(SaveContact(), person_name="Awa", region="gao", from_morocco=False)

    assert done.effects[1]["items"] == {"region": "gao"}


def test_it_keeps_whether_a_relative_knows_of_the_return(act):
    items = act(SaveRelative(), relative_phone="+22366001122", relation="friend", relative_knows=False).effects[0][
        "items"
    ]

    assert items == {"relative_number": "+22366001122", "relation": "friend", "relative_knows": "no"}


def test_it_forgets_the_hours_when_calls_are_not_safe(act):
    profile, contact = act(SaveCalls(), can_call=False, call_hours="morning").effects

    assert profile["items"] == {"do_not_call": True}
    assert contact["items"] == {"call_hours": ""}


def test_it_keeps_the_hours_when_calls_are_safe(act):
    profile, contact = act(SaveCalls(), can_call=True, call_hours="morning").effects

    assert profile["items"] == {"do_not_call": False}
    assert contact["items"] == {"call_hours": "morning"}


def test_it_shows_of_a_number_only_its_end(act):
    done = act(ShowContact(), known_name="Awa", known_place="Kati", known_number="+22376123456")

    assert done.said == ["utter_contact_kept"]
    assert done.values["number_end"] == "56"


def test_it_shows_no_number_when_none_but_this_one_is_known(act):
    assert act(ShowContact(), known_name="Awa").said == ["utter_contact_kept_here"]


def test_it_shows_nothing_when_nothing_is_kept(act):
    assert act(ShowContact()).said == []


def test_it_leaves_an_older_file_to_a_person(act):
    case = act(OpenContactChange(), person_name="Moussa", old_number="+22366001122").effects[0]

    assert (case["kind"], case["priority"]) == ("contact_change", "P3")
    assert case["note"] == {"name": "Moussa", "old_number": "+22366001122"}


def test_it_does_not_take_a_forgotten_number_for_a_number(act):
    assert act(OpenContactChange(), known_name="Awa", old_number="unknown").effects[0]["note"] == {"name": "Awa"}


@pytest.mark.parametrize(
    ("told", "month"), [("this", "2027-01"), ("last", "2026-12"), ("2026-05", "2026-05"), ("unknown", "")]
)
def test_the_month_of_return_is_counted_from_today(told, month):
    assert return_month(told, date(2027, 1, 31)) == month


def test_a_forgotten_month_is_not_kept(act):
    kept = act(SaveReturn(), return_month="last", today="2026-11-23").effects

    assert [effect["items"] for effect in kept] == [{"return_month": "2026-10"}]
    assert not act(SaveReturn(), return_month="unknown", today="2026-11-23").effects


def test_the_town_of_another_region_is_forgotten(act):
    corrected = act(ForgetPlace(), region="sikasso", place="Yélimané", place_told_in="kayes").slots
    as_before = act(ForgetPlace(), region="kayes", place="Yélimané", place_told_in="kayes").slots

    assert corrected == {"place": None, "place_told_in": "sikasso"}
    assert as_before == {"place_told_in": "kayes"}
