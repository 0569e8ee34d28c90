"""Check-ins, answers and who has gone quiet: small groups hidden, names for a reason, worries turned into cases."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.adapters.sql.tables import person
from bot.adapters.sql.tables_check_ins import answer, check_in
from bot.core.messages import Address, Incoming

_numbers = itertools.count(77_300_000)


@pytest.fixture
def seat(staff_client):
    return staff_client("supervisor")


@pytest.fixture
def meet(console_house):
    def make(name="", **profile):
        ports, ident = console_house.ports, console_house.ports.ids.new()
        now = ports.clock.now()
        with ports.store.write() as tx:
            tx.ensure_person(ident, Address("sms", f"+223{next(_numbers)}"), now=now - timedelta(days=200))
            tx.save_profile(ident, {"consent": "given", "language": "fr", **profile}, now=now)
            tx.save_contact(ident, {"name": name}, now=now)
        return ident

    return make


@pytest.fixture
def ask(console_house):
    """Ask somebody so many days ago; they did not answer unless it is said."""

    def asked(ident, *days, step="m1", **more):
        now = console_house.ports.clock.now()
        with console_house.database.writing() as connection:
            for number, ago in enumerate(days):
                at = now - timedelta(days=ago)
                row = {
                    "id": console_house.ports.ids.new(),
                    "person_id": ident,
                    "plan": "year",
                    "step": f"{step}{number}",
                }
                values = {"flow": "check_in", "due_at": at, "status": "skipped", "reason": "no_answer", "asked_at": at}
                connection.execute(insert(check_in).values(row | values | more))

    return asked


def text_of(page):
    return page.get_data(as_text=True)


def test_whoever_left_two_questions_unanswered_is_listed_and_a_case_is_opened(seat, meet, ask, console_house):
    silent = meet("Kadiatou Silencieuse", region="mopti")
    ask(silent, 40, 10)
    assert "Kadiatou Silencieuse" in text_of(seat.get("/console/gone-quiet"))

    seat.post_form("/console/gone-quiet/open", {"person": [silent]})

    [case] = console_house.ports.store.person(silent).open_cases
    assert (case.kind, case.priority, case.due_at is not None) == ("gone_quiet", "P3", True)
    assert "Kadiatou" not in text_of(seat.get("/console/gone-quiet"))


def test_one_missed_question_is_no_silence_yet_and_neither_is_an_old_one_before_a_word(seat, meet, ask, console_house):
    once, wrote = meet("Une Fois"), meet("A Écrit")
    ask(once, 10)
    ask(wrote, 40, 10)
    known = console_house.ports.store.person(wrote).person
    ports = console_house.ports
    with ports.store.write() as tx:
        incoming = Incoming("twilio", "SM-wrote", known.addresses[0], "+22320000000", "ça va", ports.clock.now())
        tx.claim(incoming, row_id=ports.ids.new(), person_id=wrote)

    page = text_of(seat.get("/console/gone-quiet"))

    assert "Une Fois" not in page
    assert "A Écrit" not in page
    assert "Une Fois" in text_of(seat.get("/console/gone-quiet?tries=1"))


def test_a_dead_number_and_a_danger_in_the_past_come_first(seat, meet, ask, console_house):
    plain, dead = meet("Simple Silence"), meet("Numéro Mort", minor=True)
    ask(plain, 40, 10)
    with console_house.database.writing() as connection:
        connection.execute(update(person).where(person.c.id == dead).values(unreachable=True))

    page = text_of(seat.get("/console/gone-quiet"))

    assert page.index("Numéro Mort") < page.index("Simple Silence")
    assert "le numéro ne marche plus" in page


def test_whoever_said_stop_is_left_alone(seat, meet, ask, console_house):
    stopped = meet("Ne Veut Plus")
    ask(stopped, 40, 10)
    with console_house.ports.store.write() as tx:
        tx.set_opt_out(stopped, "check_ins", word="stop", now=console_house.ports.clock.now())

    assert "Ne Veut Plus" not in text_of(seat.get("/console/gone-quiet"))


def test_to_open_nothing_says_so(seat):
    assert seat.post_form("/console/gone-quiet/open", {}).status_code == 422


def test_check_ins_can_be_filtered_and_taken_along_without_names(seat, meet, ask):
    ask(meet("Sans Nom Ici", region="segou"), 5, step="export")

    assert "Pas de réponse à temps." in text_of(seat.get("/console/check-ins?status=skipped"))
    assert "Aucune ligne" in text_of(seat.get("/console/check-ins?region=kidal"))
    taken = text_of(seat.get("/console/check-ins.csv?region=segou"))
    assert "Ségou" in taken
    assert "Sans Nom Ici" not in taken
    assert seat.get("/console/check-ins.xlsx").get_data().startswith(b"PK")


@pytest.mark.parametrize("reason", ["grave_case", "with_a_person"])
def test_no_filter_tells_an_urgent_or_sensitive_case_from_a_conversation(staff_client, meet, ask, reason):
    region = f"only_{reason}"
    ask(meet(region=region), 5, step="held", status="planned", reason="with_a_person")
    ask(meet(region=region), 5, step="grave", status="planned", reason="grave_case")
    broadcaster, filters = staff_client("broadcaster"), f"region={region}&reason={reason}"

    page = text_of(broadcaster.get(f"/console/check-ins?{filters}"))
    taken = text_of(broadcaster.get(f"/console/check-ins.csv?{filters}"))

    assert (page.count("<tr>"), taken.count("\n")) == (3, 3)
    assert "grave_case" not in page.split("<table")[0].replace(filters, "")


def test_names_of_check_ins_need_a_reason(seat, staff_client, meet, ask):
    ask(meet("Nom Demandé"), 5, step="named")

    assert seat.post_form("/console/check-ins/named", {"reason": ""}).status_code == 422
    assert "Nom Demandé" in text_of(seat.post_form("/console/check-ins/named", {"reason": "visite à domicile"}))
    broadcaster = staff_client("broadcaster")
    assert broadcaster.post_form("/console/check-ins/named", {"reason": "visite à domicile"}).status_code == 403


def test_the_ledger_goes_on_where_a_page_ends(seat, meet, ask):
    for _ in range(3):
        ask(meet(region="nara"), *range(1, 21), step="page")

    first = text_of(seat.get("/console/check-ins?region=nara"))
    following = first.split("Suite</a>")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")

    assert first.count("<tr>") == 51
    assert text_of(seat.get(following)).count("<tr>") == 11


@pytest.fixture
def answers(console_house, meet):
    def keep(question, *given):
        now, fixed = console_house.ports.clock.now(), {"source_kind": "check_in", "plan": "year", "question": question}
        each = [(value, more) for value, count, more in given for _ in range(count)]
        rows = [
            {
                "person_id": meet(),
                "source_id": console_house.ports.ids.new(),
                "value": value,
                "at": now,
                **fixed,
                **more,
            }
            for value, more in each
        ]
        with console_house.database.writing() as connection:
            for row in rows:
                connection.execute(insert(answer).values(row))

    return keep


def test_answers_are_drawn_with_a_table_beside_and_few_are_hidden(seat, answers):
    kayes, kidal = {"region": "kayes", "sex": "f"}, {"region": "kidal", "sex": "m"}
    answers("check_in_mood", ("well", 12, kayes), ("bad", 7, kayes), ("bad", 2, kidal), ("well", 6, {"region": "gao"}))

    page = text_of(seat.get("/console/answers?question=check_in_mood&by=region"))

    assert '<svg class="plot"' in page
    assert '<td class="number">12</td>' in page
    assert "moins de 5" in page
    assert '<td class="number">2</td>' not in page
    assert "moins de 5" in text_of(seat.get("/console/answers.csv?question=check_in_mood&by=region"))


def test_a_hidden_group_shows_neither_what_was_answered_nor_what_was_not(seat, answers):
    gao, kayes = {"region": "gao"}, {"region": "kayes"}
    answers("q_few", ("well", 9, kayes), ("bad", 8, kayes), ("well", 3, gao), ("worst", 1, gao))
    answers("q_few", ("bad", 2, {"region": "kita"}))

    few = "moins de 5"
    taken = text_of(seat.get("/console/answers.csv?question=q_few&by=region"))
    titles, *lines = (line.split(";")[1:] for line in taken.splitlines())
    assert lines == [[few, few, few], ["8", "9", "17"], [few, few, few]]
    assert "worst" not in titles
    page = text_of(seat.get("/console/answers?question=q_few&by=region"))
    assert '<td class="number">0</td>' not in page
    assert "worst" not in page


@pytest.mark.parametrize("by", ["month", "trade", "sex", "language", "months_since_return", "nothing"])
def test_answers_can_be_parted_by_what_is_known(seat, answers, by):
    answers(f"q_{by}", ("true", 6, {"months_since_return": 2}), ("false", 6, {"months_since_return": 11}))

    page = text_of(seat.get(f"/console/answers?question=q_{by}&by={by}"))

    assert '<th scope="col" class="number">oui</th>' in page
