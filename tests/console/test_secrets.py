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
