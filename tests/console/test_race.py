"""Two caseworkers at the very same moment: one of them is first, the other is told; nothing is done twice."""

import threading

import pytest

from tests.console.letters import asks, version

ACTS = {
    "take": {},
    "answer": {"text": "Bonjour, je vous lis."},
    "wait": {"reason": "le consulat"},
    "set_priority": {"priority": "P2", "reason": "Il insiste."},
    "refer": {"partner": "apej", "reason": "Formation."},
    "close": {"outcome": "solved", "reason": "fait"},
}
ROUNDS = 3


@pytest.mark.parametrize("act", ACTS)
def test_of_two_who_act_at_once_one_is_told_what_the_other_did(staff_client, console_house, act):
    for _ in range(ROUNDS):
        one, case = asks(console_house)
        path = f"/console/cases/{case.reference}"
        seats = [staff_client("caseworker"), staff_client("caseworker")]
        forms = [{"seen": version(seat.get(path).get_data(as_text=True)), **ACTS[act]} for seat in seats]
        before = len(console_house.ports.store.timeline(case.id))
        gate, codes = threading.Barrier(2), []

        def send(seat, form, path=path, gate=gate, codes=codes):
            gate.wait()
            codes.append(seat.post_form(f"{path}/{act}", form).status_code)

        threads = [threading.Thread(target=send, args=pair) for pair in zip(seats, forms, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert min(codes) == 303
        assert max(codes) in {409, 422}
        assert len(console_house.ports.store.timeline(case.id)) == before + 1
        assert len(written(console_house, one)) <= 1


def written(house, one):
    """Return what caseworkers have written to a person."""
    return [row for row in house.ports.store.messages(one.person().id, limit=50) if row.kind == "caseworker"]


def test_a_form_that_is_sent_twice_on_a_weak_link_writes_to_the_person_once(staff_client, console_house):
    one, case = asks(console_house)
    seat, path = staff_client("caseworker"), f"/console/cases/{case.reference}"
    form = {"seen": version(seat.get(path).get_data(as_text=True)), "text": "Bonjour, je vous lis."}

    assert [seat.post_form(f"{path}/answer", form).status_code for _ in range(2)] == [303, 303]
    assert len(written(console_house, one)) == 1


def test_the_same_answer_may_be_given_again_by_a_page_that_shows_the_first(staff_client, console_house):
    one, case = asks(console_house)
    seat, path = staff_client("caseworker"), f"/console/cases/{case.reference}"
    for _ in range(2):
        form = {"seen": version(seat.get(path).get_data(as_text=True)), "text": "Bonjour, je vous lis."}
        seat.post_form(f"{path}/answer", form)

    assert len(written(console_house, one)) == 2
