"""A complaint leaves the focal point's hands by no page: no export, metric, journal or case of a partner."""

import json

import pytest

from tests.console.letters import asks, cases_of, complains, fresh, version

TOLD = "un agent m'a demandé de l'argent pour mon dossier"


@pytest.fixture
def complainant(console_house):
    """Somebody who asks for a person, then complains."""
    number = fresh()
    asks(console_house, number=number)
    one, case = complains(console_house, number)
    return one.person().id, case


def exported(seat, person_id):
    answer = seat.post_form(f"/console/persons/{person_id}/export")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_export_of_a_supervisor_knows_of_no_complaint(staff_client, complainant):
    person_id, case = complainant
    text = exported(staff_client("supervisor"), person_id)

    assert [word for word in (TOLD, case.reference, case.id, "plainte", "complaint") if word in text] == []
    assert [one["kind"] for one in json.loads(text)["case_"]] == ["question"]
    assert "parler" in text


def test_the_export_of_a_focal_point_who_supervises_has_the_complaint(staff_client, complainant):
    person_id, case = complainant
    text = exported(staff_client("supervisor", "focal_point"), person_id)

    assert case.reference in text
    assert TOLD in text


def test_a_partner_reads_nothing_of_the_person_s_other_cases(staff_client, console_house):
    one, case = asks(console_house)
    worker = staff_client("caseworker")
    path = f"/console/cases/{case.reference}"
    seen = version(worker.get(path).get_data(as_text=True))
    worker.post_form(f"{path}/refer", {"seen": seen, "partner": "apej", "reason": "Formation."})
    one.write("mon mari me frappe tous les soirs")

    assert any(other.priority == "P1" for other in cases_of(console_house, one))
    assert "me frappe" not in staff_client("partner", partner="apej").get(path).get_data(as_text=True)


def test_the_journal_tells_focal_points_alone_who_read_a_complaint(staff_client, console_house):
    _, case = complains(console_house)
    staff_client("focal_point").get(f"/console/cases/{case.reference}")
    path = f"/console/audit?object={case.id}"

    assert "demande lue" in lines(staff_client("supervisor", "focal_point").get(path))
    assert "demande lue" not in lines(staff_client("supervisor").get(path))


def test_a_number_shown_from_a_complaint_tells_supervisors_neither_who_nor_whom(staff_client, complainant):
    person_id, case = complainant
    focal = staff_client("focal_point")
    focal.post_form(f"/console/cases/{case.reference}/numbers", {"why": "call"})

    told = lines(staff_client("supervisor").get(f"/console/audit?action=person.unmask&actor={focal.account.id}"))
    assert (person_id in told, case.id in told, "numéro montré" in told) == (False, False, False)
    assert "numéro montré" not in lines(staff_client("supervisor").get(f"/console/audit?object={person_id}"))
    assert "numéro montré" in lines(focal.get(f"/console/audit?object={case.id}"))


def test_a_number_shown_from_an_ordinary_case_is_for_supervisors_to_see(staff_client, console_house):
    one, case = asks(console_house)
    staff_client("caseworker").post_form(f"/console/cases/{case.reference}/numbers", {"why": "call"})

    assert "numéro montré" in lines(staff_client("supervisor").get(f"/console/audit?object={one.person().id}"))


def test_what_is_done_on_a_person_s_page_from_a_complaint_is_told_of_the_complaint_alone(staff_client, complainant):
    person_id, case = complainant
    both = staff_client("supervisor", "focal_point")
    link = f"/console/persons/{person_id}?case={case.reference}"
    assert link in both.get(f"/console/cases/{case.reference}").text

    page = both.get(link).text
    for act, form in (
        ("numbers", {"why": "call"}),
        ("export", {}),
        ("change", {"seen": seen_in(page), "place": "Kita"}),
    ):
        path = f"/console/persons/{person_id}/{act}?case={case.reference}"
        assert path in page
        both.post_form(path, form)

    assert "<td>" not in lines(
        staff_client("supervisor").get(f"/console/audit?object={person_id}&actor={both.account.id}")
    )
    told = lines(staff_client("focal_point").get(f"/console/audit?object={case.id}"))
    words = ("fiche lue", "numéro montré", "données d&#39;une personne emportées", "fiche corrigée")
    assert [word for word in words if word not in told] == []


def test_a_person_s_page_hides_its_visits_behind_no_complaint_of_others(staff_client, complainant):
    person_id, case = complainant
    nosy = staff_client("caseworker")
    nosy.get(f"/console/persons/{person_id}?case={case.reference}")

    assert "fiche lue" in lines(staff_client("supervisor").get(f"/console/audit?object={person_id}"))


def test_the_focal_point_reads_the_lines_about_complaints_and_no_others(staff_client, console_house):
    _, ordinary = asks(console_house)
    _, complaint = complains(console_house)
    focal = staff_client("focal_point")
    staff_client("caseworker").get(f"/console/cases/{ordinary.reference}")
    focal.get(f"/console/cases/{complaint.reference}")

    told = lines(focal.get("/console/audit"))
    assert (complaint.reference in told, ordinary.reference in told, "connexion" in told) == (True, False, False)
    assert "<td>" not in lines(focal.get(f"/console/audit?object={ordinary.id}"))


def test_the_journal_says_why_and_of_whom_in_words(staff_client, console_house):
    _, case = asks(console_house)
    seat, boss = staff_client("caseworker"), staff_client("supervisor")
    seat.post_form(f"/console/cases/{case.reference}/numbers", {"why": "call"})
    with console_house.ports.store.write() as tx:
        told = f"substitute {seat.account.id}"
        now = console_house.ports.clock.now()
        tx.audit(
            actor=seat.account.id, action="duty.add", object_id="0123456789abcdef0123456789abcdef", now=now, detail=told
        )

    shown = lines(boss.get(f"/console/audit?actor={seat.account.id}"))
    assert "pour appeler la personne" in shown
    assert f"remplaçant\N{NO-BREAK SPACE}: {seat.account.name}" in shown
    assert ">01234567…</a>" in shown


def seen_in(page):
    """Return the mark of what a person's page shows."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def lines(answer):
    """Return the table alone: the menu of actions names each."""
    return answer.get_data(as_text=True).partition("<tbody>")[2]


def test_the_metrics_count_no_complaint(console_app, console_house):
    before = counted(console_app)
    complains(console_house)

    assert counted(console_app) == before


def counted(app):
    told = app.test_client().get("/metrics").get_data(as_text=True)
    return [line for line in told.splitlines() if line.startswith("segin_cases{")]
