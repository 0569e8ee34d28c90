"""The team works a case: the assistant steps back, nobody works over another, and nothing is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.core.case_life import NotAllowed
from bot.core.cases import Case, reference
from bot.core.conversation import State
from bot.core.staff import Staff
from bot.ports import Reminder
from bot.service import work_cases
from bot.service.answer_person import NobodyThere, answer
from bot.service.begin_flow import send_reminders
from bot.service.brain import Brain
from bot.service.change_case import CaseChanged, NoSuchCase, Seen, find_case
from bot.service.end_case import close, hand_back, reopen
from bot.service.ports import Ports
from bot.service.with_a_person import with_a_person
from bot.simulator import StoppedClock
from tests.service.letters import MARIAM, OUMOU, say, texts

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def french(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")


@pytest.fixture
def asked(brain: Brain, ports: Ports) -> str:
    """Return the reference of a question for the team."""
    say(brain, ports, "9")
    return only(ports).reference


def test_words_for_a_new_case_are_noted_aloud_though_others_just_were(
    brain: Brain, ports: Ports, asked: str, clock: StoppedClock
) -> None:
    assert "noté" in texts(say(brain, ports, "c'est pour ma carte"))
    assert not texts(say(brain, ports, "celle de ma mère aussi"))
    close(brain, ports, Seen(asked, OUMOU))
    clock.at += timedelta(minutes=5)
    say(brain, ports, "9")  # to "is it solved?": a case of its own
    clock.at += timedelta(minutes=1)

    assert "noté dans votre demande" in texts(say(brain, ports, "encore la carte"))
    assert not texts(say(brain, ports, "toujours pas faite"))


def only(ports: Ports):
    (case,) = ports.store.cases(include_closed=True, include_sensitive=True)
    return case


def another(ports: Ports, kind: str) -> Case:
    """Open one more case of the person."""
    now = ports.clock.now()
    with ports.store.write() as tx:
        wanted = Case("c2", reference(8), only(ports).person_id, kind, "P3", "open", sensitive=False, opened_at=now)
        return tx.open_case(wanted, now=now)


def person_of(ports: Ports):
    return ports.store.person(only(ports).person_id)


def waiting(ports: Ports) -> list[str]:
    """Return what is on its way to the person by itself."""
    now = ports.clock.now()
    return [row.text for row in ports.store.claim_due(limit=99, lease_until=now, now=now) if row.person_id]


def test_a_case_is_owed_an_answer_from_its_first_moment(ports: Ports, asked: str) -> None:
    case = find_case(ports, asked, by=OUMOU)

    assert case.due_at == case.first_due_at == case.opened_at.replace(hour=17, minute=0, second=0) + timedelta(days=3)
    assert case.version == len(ports.store.timeline(case.id))


def test_each_change_is_one_line_of_the_story_and_one_version(brain: Brain, ports: Ports, asked: str) -> None:
    seen = Seen(asked, OUMOU)
    work_cases.take(ports, seen)
    answer(brain, ports, seen, "Bonjour, je vous lis.")
    work_cases.wait(ports, seen, "le consulat")
    work_cases.note(ports, seen, "a rappelé")
    work_cases.set_priority(brain, ports, seen, "P2", "enfants")
    hand_back(brain, ports, seen)
    work_cases.take(ports, seen)
    work_cases.assign(ports, seen, MARIAM)
    close(brain, ports, Seen(asked, MARIAM), "informed", "par téléphone")
    case = reopen(brain, ports, seen)

    story = ports.store.timeline(case.id)
    kinds = "message taken answer waiting note priority handed_back taken assigned closed reopened"
    assert [event.kind for event in story] == kinds.split()
    assert case.version == len(story) == only(ports).version
    assert only(ports).outcome == ""


def test_the_second_of_two_caseworkers_sees_what_the_first_did(brain: Brain, ports: Ports, asked: str) -> None:
    read = find_case(ports, asked, by=MARIAM).version
    work_cases.take(ports, Seen(asked, OUMOU, read))

    with pytest.raises(CaseChanged) as told:
        work_cases.set_priority(brain, ports, Seen(asked, MARIAM, read), "P2", "enfants")

    assert [(event.actor, event.kind) for event in told.value.changes] == [("Oumou", "taken")]
    assert "09:00 Oumou : prise" in str(told.value)
    with pytest.raises(NotAllowed, match="chez Oumou"):
        work_cases.take(ports, Seen(asked, MARIAM))


def test_a_colleague_of_the_same_name_is_somebody_else(ports: Ports, asked: str) -> None:
    read = find_case(ports, asked, by=OUMOU).version
    namesake = Staff("another", OUMOU.name, OUMOU.roles)
    work_cases.note(ports, Seen(asked, OUMOU, read), "a rappelé")

    with pytest.raises(CaseChanged):
        work_cases.note(ports, Seen(asked, namesake, read), "a rappelé")
    assert work_cases.note(ports, Seen(asked, OUMOU, read), "a rappelé").version == read + 1


def test_of_two_who_take_a_case_at_the_very_same_moment_one_has_it(ports: Ports, asked: str) -> None:
    def take(by: Staff) -> str:
        try:
            return work_cases.take(ports, Seen(asked, by)).holder
        except NotAllowed:
            return ""

    with ThreadPoolExecutor(2) as both:
        held = sorted(both.map(take, (OUMOU, MARIAM)))

    assert held == ["", only(ports).holder]
    assert [event.kind for event in ports.store.timeline(only(ports).id)].count("taken") == 1


def test_whoever_answers_has_read_the_person_s_last_words(brain: Brain, ports: Ports, asked: str) -> None:
    read = work_cases.take(ports, Seen(asked, OUMOU)).version
    say(brain, ports, "j'ai trouvé mon papier")

    with pytest.raises(CaseChanged):
        answer(brain, ports, Seen(asked, OUMOU, read), "Cherchez encore.")
    assert work_cases.note(ports, Seen(asked, OUMOU, read), "a trouvé").version > read


def test_the_assistant_steps_back_from_a_conversation_when_somebody_takes_the_case(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "où est mon dossier numéro 12 svp")
    reference = only(ports).reference
    assert not with_a_person(person_of(ports))
    work_cases.take(ports, Seen(reference, OUMOU))

    assert with_a_person(person_of(ports))
    assert "police" not in texts(say(brain, ports, "g perdu ma kart didentité"))
    assert "g perdu ma kart didentité" in [event.text for event in ports.store.timeline(only(ports).id)]


def test_between_two_people_who_write_to_each_other_the_assistant_says_nothing(
    brain: Brain, ports: Ports, clock: StoppedClock, asked: str
) -> None:
    answer(brain, ports, Seen(asked, OUMOU), "Votre carte est prête.")
    said = [texts(say(brain, ports, "merci"))]
    clock.at += HOUR
    said.append(texts(say(brain, ports, "je viens demain")))

    assert not any(said)
    assert [event.text for event in ports.store.timeline(only(ports).id)][-2:] == ["merci", "je viens demain"]


def test_until_the_one_it_was_assigned_to_acts_what_is_written_is_noted_aloud(
    brain: Brain, ports: Ports, asked: str
) -> None:
    work_cases.assign(ports, Seen(asked, OUMOU), MARIAM)
    assert "noté" in texts(say(brain, ports, "c'est pour ma carte"))
    work_cases.take(ports, Seen(asked, MARIAM))

    assert not texts(say(brain, ports, "celle de ma mère aussi"))


def test_an_answer_brings_the_case_back_before_its_caseworker(brain: Brain, ports: Ports, asked: str) -> None:
    answer(brain, ports, Seen(asked, OUMOU), "Avez-vous le papier ?")
    assert only(ports).status == "answered"
    say(brain, ports, "oui")

    assert (only(ports).status, only(ports).due_at) == ("taken", None)


def test_danger_in_a_case_that_somebody_has_makes_it_urgent_and_alerts_again(
    brain: Brain, ports: Ports, clock: StoppedClock, asked: str
) -> None:
    work_cases.take(ports, Seen(asked, OUMOU))
    say(brain, ports, "il va me tuer")
    held = find_case(ports, asked, by=OUMOU)

    assert (held.priority, held.due_at) == ("P1", clock.at + timedelta(minutes=15))
    assert [event.kind for event in ports.store.timeline(held.id)][-1] == "danger"
    assert {one.case.reference for one in ports.store.duty.due(limit=9, now=clock.at)} == {
        case.reference for case in ports.store.cases() if case.priority == "P1"
    }


@pytest.mark.parametrize("discreet", [True, False])
def test_who_is_discreet_or_said_stop_hears_nothing_when_their_case_is_closed(
    brain: Brain, ports: Ports, asked: str, discreet: bool
) -> None:
    with ports.store.write() as tx:
        if discreet:
            tx.save_profile(only(ports).person_id, {"discreet": True}, now=ports.clock.now())
        else:
            tx.set_opt_out(only(ports).person_id, "all", word="STOP", now=ports.clock.now())
    close(brain, ports, Seen(asked, OUMOU))

    assert waiting(ports) == []
    assert not State.from_json(person_of(ports).state).paused


def test_closing_one_of_two_cases_asks_nothing_while_a_colleague_has_the_other(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "9")
    first, second = only(ports).reference, another(ports, "lost_document").reference
    work_cases.take(ports, Seen(second, MARIAM))
    close(brain, ports, Seen(first, OUMOU))

    assert [text for text in waiting(ports) if first in text and "?" not in text]
    assert State.from_json(ports.store.person(ports.store.case(first).person_id).state).paused


def test_a_no_to_the_closing_question_beside_a_newer_case_of_the_kind_lands_there(
    brain: Brain, ports: Ports, asked: str
) -> None:
    close(brain, ports, Seen(asked, OUMOU))
    person = person_of(ports)
    with ports.store.write() as tx:
        from bot.core.cases import Case, reference

        newer = Case("c2", reference(8), person.person.id, "question", "P3", "open", False, ports.clock.now())
        tx.open_case(newer, now=ports.clock.now())
    say(brain, ports, "2")

    assert ports.store.case(asked).status == "closed"
    assert any(asked in event.text for event in ports.store.timeline(newer.id))


def test_a_reminder_is_held_while_somebody_has_a_case_and_comes_afterwards(
    brain: Brain, ports: Ports, clock: StoppedClock, asked: str
) -> None:
    person_id = only(ports).person_id
    work_cases.take(ports, Seen(asked, OUMOU))
    with ports.store.write() as tx:
        tx.add_reminder(Reminder("r1", person_id, "lost_document", clock.at + HOUR))
    clock.at += 2 * HOUR
    send_reminders(brain, ports)
    assert waiting(ports) == []
    close(brain, ports, Seen(asked, OUMOU))
    say(brain, ports, "1")
    waiting(ports)
    clock.at += timedelta(days=2)
    send_reminders(brain, ports)

    assert waiting(ports)


def test_a_question_about_the_partner_is_noted_in_the_case(
    brain: Brain, ports: Ports, clock: StoppedClock, asked: str
) -> None:
    work_cases.refer(brain, ports, Seen(asked, OUMOU), "ccim", "formation")
    clock.at += timedelta(days=8)
    send_reminders(brain, ports)

    case = only(ports)
    assert (case.referred_to, case.status, case.asked_partner_at) == ("ccim", "waiting", clock.at)
    assert any("CCIM" in text for text in waiting(ports))


def test_what_does_not_exist_is_a_sentence(brain: Brain, ports: Ports, asked: str) -> None:
    with pytest.raises(NotAllowed, match="annuaire"):
        work_cases.refer(brain, ports, Seen(asked, OUMOU), "nobody")
    with pytest.raises(NotAllowed, match="réponse"):
        answer(brain, ports, Seen(asked, OUMOU), " ")
    with pytest.raises(NoSuchCase, match="K7421S"):
        find_case(ports, "k7421s", by=OUMOU)


def test_a_complaint_is_no_case_to_a_caseworker(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "un agent me demande 25000 francs pour mon dossier")
    reference = only(ports).reference

    with pytest.raises(NoSuchCase):
        work_cases.take(ports, Seen(reference, MARIAM))
    assert work_cases.take(ports, Seen(reference, OUMOU)).status == "taken"


def test_nothing_can_be_sent_to_somebody_whose_data_were_erased(brain: Brain, ports: Ports, asked: str) -> None:
    with ports.store.write() as tx:
        tx.forget(only(ports).person_id, receipt="r", now=ports.clock.now())

    with pytest.raises(NobodyThere, match="effacées"):
        answer(brain, ports, Seen(asked, OUMOU), "Bonjour.")
    assert (only(ports).status, only(ports).due_at, only(ports).version) == (
        "closed",
        None,
        len(ports.store.timeline(only(ports).id)),
    )
