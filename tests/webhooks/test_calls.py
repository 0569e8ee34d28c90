"""Missed calls on a SIM of ours, by Kannel's address or by the one for any gateway."""

import pytest

from tests.webhooks.gate import ANY_CALLS, CALLS, Gate


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.mark.parametrize("route", [CALLS, ANY_CALLS])
def test_a_missed_call_on_a_sim_of_ours_asks_to_be_called_back(gate: Gate, route: str) -> None:
    for fields in ({"id": "c1"}, {"id": "", "ts": "2026-11-21 08:00:00"}, {"id": "", "ts": ""}):
        assert gate.get(route, secret="secret", **{"from": "76123456", **fields}).status_code == 200

    assert {(call.sender.channel, call.sender.reveal()) for call in gate.calls} == {("voice", "+22376123456")}
    assert len({call.provider_id for call in gate.calls}) == 3


@pytest.mark.parametrize("caller", ["33612345678", " 33612345678", "+33612345678", "0033612345678"])
def test_a_call_from_abroad_is_one_however_a_network_hands_it_over(gate: Gate, caller: str) -> None:
    gate.get(CALLS, secret="secret", **{"from": caller})

    assert [call.sender.reveal() for call in gate.calls] == ["+33612345678"]


def test_missed_calls_need_no_kannel_but_some_secret(gate: Gate) -> None:
    gate.secrets = ("of kannel", "of the phone")
    statuses = [gate.get(ANY_CALLS, secret=secret, **{"from": "76123456"}) for secret in ("of the phone", "wrong")]
    gate.secrets = ()
    nobody = gate.get(ANY_CALLS, secret="", **{"from": "76123456"})

    assert [answer.status_code for answer in (*statuses, nobody)] == [200, 403, 503]
    assert "SEGIN_SMSGATE_SIGNING_KEY" in statuses[1].text
    assert "SEGIN_SMSGATE_SIGNING_KEY" in nobody.text


@pytest.mark.parametrize("caller", ["", "anonymous", "36000", "Orange", "1234567890123456", "Orange 33612345678"])
def test_nobody_is_called_back_without_a_number(gate: Gate, caller: str) -> None:
    assert gate.get(CALLS, secret="secret", **{"from": caller}).status_code == 200
    assert gate.calls == []
