"""One message in: one effect, whatever happens at the same time."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import limits
from bot.core.cases import Case
from bot.core.messages import Address, Status
from bot.ports import StorageAway
from bot.service.brain import Brain
from bot.service.escalate import Alarm, escalate
from bot.service.ports import Ports
from bot.service.receive_message import receive_message
from bot.simulator import StoppedClock
from tests.conftest import DUTY, CountedWake
from tests.service.letters import AWA, MODIBO, letter, say, texts


def test_it_answers_a_repeated_message_with_the_very_same_replies(brain: Brain, ports: Ports) -> None:
    first = receive_message(brain, ports, letter("g perdu ma kart", ports=ports, ident="SM" + "a" * 32))
    again = receive_message(brain, ports, letter("g perdu ma kart", ports=ports, ident="SM" + "a" * 32))

    assert again.rows == first.rows
    assert again.decision is None


def test_it_repeats_nothing_once_the_replies_went_another_way(brain: Brain, ports: Ports) -> None:
    incoming = letter("bonjour", ports=ports, ident="SM" + "b" * 32)
    first = receive_message(brain, ports, incoming)
    with ports.store.write() as tx:
        tx.update_outgoing(
            first.rows[0].id, {"route": "rest", "status": Status.QUEUED, "not_before": ports.clock.now()}
        )

    assert receive_message(brain, ports, incoming).rows == ()


def test_it_takes_the_same_message_in_once_when_it_comes_eight_times_at_once(brain: Brain, ports: Ports) -> None:
    incoming = letter("je veux parler à quelqu'un", ports=ports)
    answers = _at_once([lambda: receive_message(brain, ports, incoming)] * 8)

    assert len({tuple(row.id for row in taken.rows) for taken in answers}) == 1
    assert len(ports.store.cases()) == 1


def test_it_handles_two_messages_of_one_person_one_after_the_other(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    before = _version(ports)
    _at_once([lambda text=text: say(brain, ports, text) for text in ("bonjour", "g perdu ma kart", "menu", "merci")])

    assert _version(ports) == before + 4


def test_it_keeps_one_person_and_one_conversation_for_a_number_on_two_channels(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "g perdu ma kart")
    taken = say(brain, ports, "1", channel="whatsapp")

    assert taken.decision is not None
    assert taken.decision.state.stack
    assert taken.decision.state.stack[-1].flow == "lost_document"


def test_it_keeps_an_identifier_that_is_no_number_as_it_came(brain: Brain, ports: Ports) -> None:
    taken = say(brain, ports, "bonjour", sender="ML.13491208655302741918", channel="whatsapp")

    assert taken.rows[0].to == Address("whatsapp", "ML.13491208655302741918")


def test_it_leaves_nothing_behind_when_storage_goes_away_in_the_middle(brain: Brain, ports: Ports) -> None:
    class Away:
        def __getattr__(self, name: str) -> object:
            if name == "write":
                raise StorageAway
            return getattr(ports.store, name)

    with pytest.raises(StorageAway):
        say(brain, replace(ports, store=Away()), "bonjour")  # type: ignore[arg-type]  # a store that is away

    assert _version(ports) == 0


def test_it_records_a_stop_that_the_provider_has_answered_and_says_nothing(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "bonjour")
    taken = receive_message(brain, ports, replace(letter("STOP", ports=ports), opt_out="stop"))

    assert taken.rows == ()
    assert _known(ports).opted_out == "all"


def test_danger_in_a_stop_that_the_provider_has_answered_alerts_in_silence(brain: Brain, ports: Ports) -> None:
    stop = replace(letter("STOP il va me tuer", ports=ports), opt_out="stop")
    taken = receive_message(brain, ports, stop)

    assert taken.rows == ()
    assert _known(ports).opted_out == "all"
    assert [case.priority for case in ports.store.cases()] == ["P1"]


def test_it_still_answers_who_said_stop_and_does_not_subscribe_them_again(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "STOP")
    taken = say(brain, ports, "g perdu ma kart")

    assert "police" in texts(taken).lower()
    assert _known(ports).opted_out == "all"


def test_start_undoes_a_stop(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "ARRET")
    say(brain, ports, "START")

    assert _known(ports).opted_out == "none"


def test_it_alerts_the_person_on_duty_without_a_word_about_the_person(
    brain: Brain, ports: Ports, wake: CountedWake
) -> None:
    say(brain, ports, "Français")
    calls = wake.calls
    say(brain, ports, "on va me tuer aidez moi")
    (case,) = ports.store.cases()
    escalate(brain, ports, Alarm())
    now = ports.clock.now()
    alerts = [row for row in ports.store.claim_due(limit=9, lease_until=now, now=now) if row.kind == "alert"]

    assert case.priority == "P1"
    assert [row.to for row in alerts] == [DUTY]
    assert case.reference in alerts[0].text
    assert "tuer" not in alerts[0].text
    assert AWA[-8:] not in alerts[0].text
    assert wake.calls > calls


def test_it_wakes_the_worker_only_for_what_a_worker_sends(brain: Brain, ports: Ports, wake: CountedWake) -> None:
    say(brain, ports, "Français")
    assert wake.calls == 0  # the reply went in the answer

    receive_message(brain, ports, letter("menu", ports=ports), route="rest")
    assert wake.calls == 1


def test_it_never_says_that_a_person_was_told(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    answer = texts(say(brain, ports, "je veux mourir")).lower()

    for claim in ("a été prévenu", "est prévenu", "avons prévenu", "a ete prevenu", "est prevenu", "avons prevenu"):
        assert claim not in answer


def test_it_reads_danger_even_from_who_said_stop(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "STOP")
    say(brain, ports, "il va me tuer")

    assert [case.priority for case in ports.store.cases()] == ["P1"]


def test_it_joins_further_messages_to_the_open_case_until_it_is_closed(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "9")
    say(brain, ports, "mon cousin a mon sac et il est parti")
    (case,) = ports.store.cases()

    assert "mon cousin a mon sac et il est parti" in [event.text for event in ports.store.timeline(case.id)]


def test_what_follows_a_complaint_stays_with_the_complaint(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "mon fils vomit du sang il respire mal")
    clock.at += timedelta(hours=1)
    say(brain, ports, "0")
    say(brain, ports, "un agent me demande 25000 francs pour mon dossier")
    say(brain, ports, "il a une chemise bleue et il vient le lundi")
    told = {case.sensitive: [event.text for event in ports.store.timeline(case.id)] for case in _all_cases(ports)}

    assert "il a une chemise bleue et il vient le lundi" in told[True]
    assert "il a une chemise bleue et il vient le lundi" not in told[False]


def test_words_after_danger_stay_with_the_danger_when_a_smaller_case_was_opened_since(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    say(brain, ports, "mon mari me frappe")
    for text in ("EFFACER", "oui", "FEMME"):
        clock.at += timedelta(minutes=1)
        say(brain, ports, text)
    told = {case.kind: [event.text for event in ports.store.timeline(case.id)] for case in _all_cases(ports)}

    assert "FEMME" in told["violence_home"]
    assert "FEMME" not in told["erase"]


def test_it_says_once_in_a_while_that_a_message_joined_the_case(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "9")
    said = [
        bool(say(brain, ports, text).rows) for text in ("mon cousin a mon sac", "il est parti hier", "vers le nord")
    ]
    clock.at += limits.CASE_NOTED_EVERY + timedelta(minutes=1)
    later = bool(say(brain, ports, "je suis toujours sans nouvelles de lui").rows)

    assert said == [True, False, False]
    assert later


def test_zero_brings_the_menu_without_closing_the_case(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "9")
    taken = say(brain, ports, "0")

    assert "1 " in texts(taken)
    assert [case.status for case in ports.store.cases()] == ["open"]


def test_it_stops_answering_a_robot_that_repeats_itself(brain: Brain, ports: Ports) -> None:
    answers = [bool(say(brain, ports, "Votre credit est epuise").rows) for _ in range(limits.SAME_TEXTS_IN_A_ROW + 3)]

    assert not any(answers[-2:])


def test_it_reads_danger_from_a_number_that_it_no_longer_answers(brain: Brain, ports: Ports) -> None:
    for _ in range(limits.SAME_TEXTS_IN_A_ROW + 1):
        say(brain, ports, "je vais me suicider")

    assert [case.priority for case in ports.store.cases()] == ["P1"]


def test_it_keeps_two_people_apart(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    say(brain, ports, "g perdu ma kart")
    taken = say(brain, ports, "1", sender=MODIBO)

    assert taken.decision is not None
    assert "lost_document" not in [frame.flow for frame in taken.decision.state.stack]


def _known(ports: Ports):
    return ports.store.look_up(Address("sms", AWA), provider="twilio", provider_id="-", text="", now=ports.clock.now())


def _all_cases(ports: Ports) -> tuple[Case, ...]:
    return ports.store.cases(include_sensitive=True)


def _version(ports: Ports) -> int:
    version: int = _known(ports).version
    return version


def _at_once(calls: list) -> list:
    results: list = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(number: int) -> None:
        barrier.wait()
        results[number] = calls[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
