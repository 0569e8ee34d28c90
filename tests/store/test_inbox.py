"""The lists of cases: each member of staff sees, counts and finds only what is for their eyes."""

from datetime import timedelta

import pytest

from bot.adapters.sql.inbox import SqlInbox
from bot.core.staff import Staff, may_see
from bot.ports.inbox import Sought
from tests.store.people import FANTA, MOUSSA, NOW, case, meet

CASEWORKER = Staff("oumou", "Oumou", frozenset({"caseworker"}))
FOCAL_POINT = Staff("awa", "Awa", frozenset({"focal_point"}))
BOTH = Staff("rokia", "Rokia", frozenset({"focal_point", "supervisor"}))
PARTNER = Staff("apej", "APEJ", frozenset({"partner"}), partner="apej")
BROADCASTER = Staff("issa", "Issa", frozenset({"broadcaster"}))
EVERYBODY = (CASEWORKER, FOCAL_POINT, BOTH, PARTNER, BROADCASTER)


@pytest.fixture
def inbox(database, vault):
    return SqlInbox(database, vault)


@pytest.fixture(autouse=True)
def cases(store):
    meet(store)
    meet(store, "moussa", MOUSSA)
    meet(store, "fanta", FANTA)
    made = (
        case("awa", number=1, kind="question", due_at=NOW + timedelta(hours=1)),
        case(
            "awa",
            number=2,
            kind="threat",
            priority="P1",
            status="taken",
            taken_by="oumou",
            due_at=NOW - timedelta(hours=1),
        ),
        case("moussa", number=3, kind="complaint", priority="P2", sensitive=True),
        case("moussa", number=4, kind="status", status="waiting", taken_by="rokia", referred_to="apej"),
        case("fanta", number=5, kind="question", status="closed", closed_at=NOW),
        case("fanta", number=6, kind="complaint", status="closed", sensitive=True, referred_to="apej", closed_at=NOW),
    )
    with store.write() as tx:
        for one in made:
            tx.open_case(one, now=NOW)
        tx.save_contact("moussa", {"name": "Moussa Traoré"}, now=NOW)
    return made


def kinds(inbox, staff, **sought):
    return [found.kind for found in inbox.cases_for(staff, Sought(**sought), now=NOW).cases]


@pytest.mark.parametrize("staff", EVERYBODY, ids=lambda staff: staff.name)
def test_nobody_is_listed_a_case_that_is_not_for_their_eyes(inbox, cases, staff):
    wanted = {one.reference for one in cases if may_see(staff, one)}

    listed = {
        found.reference for view in ("all", "closed") for found in inbox.cases_for(staff, Sought(view), now=NOW).cases
    }

    assert listed == wanted


@pytest.mark.parametrize("staff", EVERYBODY, ids=lambda staff: staff.name)
def test_every_view_counts_what_it_lists(inbox, staff):
    counts = inbox.counts_for(staff, now=NOW)

    assert counts == {view: inbox.cases_for(staff, Sought(view), now=NOW).total for view in counts}


def test_the_most_urgent_comes_first(inbox):
    assert kinds(inbox, CASEWORKER) == ["threat", "question", "status"]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("mine", ["threat"]),
        ("unassigned", ["question"]),
        ("overdue", ["threat"]),
        ("sensitive", []),
        ("closed", ["question"]),
    ],
)
def test_a_caseworker_s_views(inbox, view, expected):
    assert kinds(inbox, CASEWORKER, view=view) == expected


def test_a_complaint_is_found_by_the_focal_point_only(inbox, cases):
    complaint = cases[2].reference

    assert kinds(inbox, FOCAL_POINT, text=complaint.lower()) == ["complaint"]
    assert kinds(inbox, CASEWORKER, text=complaint) == []
    assert kinds(inbox, CASEWORKER, text="traore") == ["status"]


@pytest.mark.parametrize("text", ["0002", "+22370000002", "Traoré moussa"])
def test_a_case_is_found_by_what_is_known_of_the_person(inbox, text):
    assert kinds(inbox, CASEWORKER, text=text) == ["status"]


@pytest.mark.parametrize("text", ["nobody", "9999", "?", "%"])
def test_what_fits_nobody_finds_nothing(inbox, text):
    assert kinds(inbox, CASEWORKER, text=text) == []


def test_a_page_that_is_not_there_is_the_last_one(inbox):
    found = inbox.cases_for(CASEWORKER, Sought(page=9, size=2), now=NOW)

    assert (found.page, found.pages, found.total, len(found.cases)) == (2, 2, 3, 1)
