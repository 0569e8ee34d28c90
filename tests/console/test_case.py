"""The page of a case: what it shows, what it hides, and what happens when two act at once."""

import re
from dataclasses import replace

import pytest

from bot.core.cases import reference
from bot.core.messages import Address, Incoming, Status
from bot.service.note_call import note_call
from tests.console.letters import Sit, asks, cases_of, complains, fresh, page, phone, version


def send(seat, case, action, **typed):
    """Send a form of the page as it stands."""
    seen = version(page(seat, f"/{case.reference}"))
    return seat.post_form(f"/console/cases/{case.reference}/{action}", {"seen": seen, **typed})


def newest(house, one):
    person = one.person()
    assert person
    return house.ports.store.messages(person.id)[-1]


def audited(house, case) -> list[tuple[str, str]]:
    with house.database.reading() as connection:
        rows = connection.exec_driver_sql(
            f"SELECT actor, action FROM audit WHERE object_id = '{case.id}' ORDER BY id"  # noqa: S608
        )
        return [tuple(row) for row in rows]


def test_it_shows_the_conversation_as_the_person_saw_it(console_house, staff_client: Sit):
    one, case = asks(console_house, "bonjour")
    text = page(staff_client("caseworker"), f"/{case.reference}")

    assert "je veux parler à quelqu&#39;un" in text
    assert newest(console_house, one).text.replace("'", "&#39;") in text
    assert "1&nbsp;SMS" in text


def test_what_a_person_writes_is_never_run(console_house, staff_client: Sit):
    _, case = asks(console_house, "<script>alert(1)</script><img src=x onerror=alert(2)>")
    text = page(staff_client("caseworker"), f"/{case.reference}")

    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "<img" not in text


def test_numbers_are_shortened_until_somebody_says_why(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    one, case = asks(console_house, "mon frère est au 66 00 11 22")
    whole, short = f"+223 {one.number[4:6]} {one.number[6:8]} {one.number[8:10]} {one.number[10:]}", one.number[-4:]
    shown = page(seat, f"/{case.reference}")
    assert whole not in shown
    assert one.number not in shown
    assert "66 00 11 22" not in shown
    assert f"•••• {short}" in shown
    assert "•••• 1122" in shown

    nothing = seat.post_form(f"/console/cases/{case.reference}/numbers", {"why": ""})
    told = seat.post_form(f"/console/cases/{case.reference}/numbers", {"why": "emergency"})

    assert nothing.status_code == 422
    assert "66 00 11 22" not in nothing.get_data(as_text=True)
    assert whole in told.get_data(as_text=True)
    assert "66 00 11 22" in told.get_data(as_text=True)


def test_whoever_looks_is_kept_in_the_audit_trail(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    _, case = asks(console_house)
    page(seat, f"/{case.reference}")
    seat.get(f"/console/cases/{case.reference}/live")  # asked by the page itself: nobody looked anew

    assert audited(console_house, case) == [(seat.account.id, "case.view")]


def test_the_card_says_first_what_must_not_be_done(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    one, case = asks(console_house)
    person = one.person()
    assert person
    now = console_house.ports.clock.now()
    with console_house.ports.store.write() as tx:
        tx.save_profile(person.id, {"discreet": True, "do_not_call": True, "region": "kayes"}, now=now)
        tx.save_contact(
            person.id, {"relative_number": "+22366001122", "relation": "family", "relative_knows": "no"}, now=now
        )
    text = page(seat, f"/{case.reference}")

    assert text.index("NE PAS APPELER") < text.index('class="thread"')
    assert "NON : écrire seulement" in text
    assert "famille, •••• 1122, NE SAIT PAS pour le retour" in text
    assert "Kayes" in text


def test_the_card_says_that_somebody_wrote_stop(console_house, staff_client: Sit):
    one, case = asks(console_house)
    assert "A écrit STOP" not in page(staff_client("caseworker"), f"/{case.reference}")
    one.write("STOP")
    text = page(staff_client("caseworker"), f"/{case.reference}")

    assert "A écrit STOP" in text
    assert "on lui répond encore" in text


def test_somebody_whose_phone_is_shared_is_written_to_only_after_a_second_look(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    one, case = asks(console_house)
    person = one.person()
    assert person
    with console_house.ports.store.write() as tx:
        tx.save_profile(person.id, {"discreet": True}, now=console_house.ports.clock.now())

    refused = send(seat, case, "answer", text="Bonjour, ça va ?")
    assert refused.status_code == 422
    assert "Bonjour, ça va ?" in refused.get_data(as_text=True)
    assert newest(console_house, one).kind != "caseworker"

    send(seat, case, "answer", text="Bonjour, ça va ?", careful="1")
    assert newest(console_house, one).kind == "caseworker"


def test_a_reply_leaves_in_the_letters_of_an_sms_and_carries_a_name_in_the_console(console_house, staff_client: Sit):
    seat = staff_client("caseworker", name="Kadiatou")
    one, case = asks(console_house)
    answer = send(seat, case, "answer", text="I ni ce. An ka mɔgɔ dɔ don.")

    assert answer.location.endswith(case.reference)
    assert newest(console_house, one).text == "I ni ce. An ka mògò dò don."
    assert newest(console_house, one).status == Status.QUEUED
    text = page(seat, f"/{case.reference}")
    assert "Kadiatou · " in text
    assert "répondue, Kadiatou" in text


def test_the_count_is_the_servers_own(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    _, case = asks(console_house)
    path = f"/console/cases/{case.reference}/draft"
    one = seat.post_form(path, {"text": "ɲɛ" * 60}, headers={"HX-Request": "true"}).get_data(as_text=True)
    two = seat.post_form(path, {"text": "ɲɛ" * 80}).get_data(as_text=True)

    assert "180 caractères · 2 SMS · 50 F CFA" in one
    assert "Sur le téléphone" in one
    assert "<html" not in one
    assert "240 caractères · 2 SMS · 50 F CFA" in two
    assert "ɲɛ" * 80 in two  # without a script the whole page comes back with what was typed


@pytest.mark.parametrize("text", ["Vous aurez de l'argent", "52 000 pour vous", "c'est garanti"])
def test_money_and_promises_are_pointed_out(console_house, staff_client: Sit, text):
    _, case = asks(console_house)
    answer = staff_client("caseworker").post_form(f"/console/cases/{case.reference}/draft", {"text": text})

    assert "pas de promesse, pas de montant" in answer.get_data(as_text=True)


def test_a_ready_reply_is_added_to_what_was_typed(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    _, case = asks(console_house)
    path = f"/console/cases/{case.reference}/draft"
    text = seat.post_form(path, {"text": "Aïssata,", "canned": "bm:well"}).get_data(as_text=True)

    assert "Aïssata, I bɛ lafiya la sisan wa?</textarea>" in text
    odd = seat.post_form(path, {"text": "Aïssata,", "canned": "xx:none"}).get_data(as_text=True)
    assert "Aïssata,</textarea>" in odd


FORMS = {
    "note": {"reason": "À rappeler demain."},
    "set_priority": {"priority": "P2", "reason": "Elle a faim."},
    "wait": {"reason": "L'acte de naissance.", "until": "2026-12-24"},
    "refer": {"partner": "apej", "reason": "Formation."},
    "close": {"outcome": "informed", "reason": "Adresse donnée."},
}


@pytest.mark.parametrize(("action", "typed"), FORMS.items(), ids=FORMS)
def test_every_form_is_carried_out_and_stands_in_the_story(console_house, staff_client: Sit, action, typed):
    seat = staff_client("caseworker")
    _, case = asks(console_house)

    assert send(seat, case, action, **typed).status_code == 303
    story = page(seat, f"/{case.reference}").split('class="timeline"')[1]
    assert typed["reason"].replace("'", "&#39;") in story


def test_a_case_goes_through_all_hands(console_house, staff_client: Sit):
    seat, other = staff_client("caseworker"), staff_client("caseworker")
    one, case = asks(console_house)
    send(seat, case, "take")
    send(seat, case, "assign", to=other.account.id)
    assert console_house.ports.store.case(case.reference).taken_by == other.account.id
    send(other, case, "hand_back")
    assert console_house.ports.store.case(case.reference).status == "open"
    send(other, case, "close", outcome="solved")
    assert console_house.ports.store.case(case.reference).status == "closed"
    send(other, case, "reopen")

    assert console_house.ports.store.case(case.reference).status == "open"
    assert newest(console_house, one).kind == "caseworker"


BAD = {
    "note": ({"reason": "  "}, "Écrivez la note"),
    "set_priority": ({"priority": "P9", "reason": "kept words"}, "Choisissez une priorité"),
    "wait": ({"reason": "kept words", "until": "demain"}, "2026-12-31"),
    "refer": ({"partner": "nobody", "reason": "kept words"}, "annuaire"),
    "close": ({"outcome": "", "reason": "kept words"}, "comment la demande finit"),
    "assign": ({"to": "nobody"}, "Choisissez à qui"),
    "answer": ({"text": ""}, "Écrivez la réponse"),
}


@pytest.mark.parametrize(("action", "typed", "reason"), [(name, *bad) for name, bad in BAD.items()], ids=BAD)
def test_bad_input_comes_back_with_its_reason_and_nothing_is_lost(
    console_house, staff_client: Sit, action, typed, reason
):
    seat = staff_client("caseworker")
    _, case = asks(console_house)
    answer = send(seat, case, action, **typed)
    text = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert reason in text
    assert 'role="alert"' in text
    if "kept" in str(typed):
        assert "kept words</textarea>" in text
    assert console_house.ports.store.case(case.reference).version == case.version


def test_the_second_of_two_caseworkers_sees_what_changed(console_house, staff_client: Sit):
    first, second = staff_client("caseworker", name="Awa D."), staff_client("supervisor", name="Boubacar")
    one, case = asks(console_house)
    seen = version(page(first, f"/{case.reference}"))
    page(second, f"/{case.reference}")

    assert (
        first.post_form(f"/console/cases/{case.reference}/answer", {"seen": seen, "text": "Bonjour"}).status_code == 303
    )
    late = second.post_form(f"/console/cases/{case.reference}/answer", {"seen": seen, "text": "Mes mots à moi"})
    text = late.get_data(as_text=True)

    assert late.status_code == 409
    assert "Quelqu'un a agi entre-temps" in text
    assert "Awa D. : réponse <q>Bonjour</q>" in text
    assert "Mes mots à moi</textarea>" in text
    assert newest(console_house, one).text == "Bonjour"

    again = {"seen": version(text), "text": "Mes mots à moi"}
    assert second.post_form(f"/console/cases/{case.reference}/answer", again).status_code == 303
    assert newest(console_house, one).text == "Mes mots à moi"


def test_what_the_person_wrote_meanwhile_is_read_before_an_answer_leaves(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    one, case = asks(console_house)
    send(seat, case, "take")
    seen = version(page(seat, f"/{case.reference}"))
    one.write("en fait c'est réglé")
    late = seat.post_form(f"/console/cases/{case.reference}/answer", {"seen": seen, "text": "Bonjour"})

    assert late.status_code == 409
    assert "la personne : message <q>en fait c&#39;est réglé</q>" in late.get_data(as_text=True)


def test_whoever_may_not_answer_reads_why(console_house, staff_client: Sit):
    holder, other = staff_client("caseworker", name="Sékou"), staff_client("caseworker")
    _, case = asks(console_house)
    send(holder, case, "take")
    text = page(other, f"/{case.reference}")

    assert f"{case.reference} est chez Sékou. Attribuez-la-vous d&#39;abord." in text
    assert "/answer" not in text


def test_words_for_a_case_that_was_closed_meanwhile_are_still_there(console_house, staff_client: Sit):
    first, second = staff_client("caseworker"), staff_client("caseworker")
    _, case = asks(console_house)
    seen = version(page(second, f"/{case.reference}"))
    send(first, case, "close", outcome="solved")
    late = second.post_form(f"/console/cases/{case.reference}/answer", {"seen": seen, "text": "Mes mots à moi"})

    assert late.status_code == 409
    assert "Mes mots à moi</textarea>" in late.get_data(as_text=True)


def test_a_conversation_that_has_not_moved_is_not_sent_again(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    one, case = asks(console_house)
    path = f"/console/cases/{case.reference}/live"
    known = {"If-None-Match": seat.get(path).headers["ETag"], "HX-Request": "true"}
    same = seat.get(path, headers=known)
    assert (same.status_code, same.data) == (304, b"")

    one.write("et encore ceci")
    moved = seat.get(path, headers=known)
    assert moved.status_code == 200
    assert "et encore ceci" in moved.get_data(as_text=True)
    assert "<html" not in moved.get_data(as_text=True)


def test_how_far_a_reply_has_come_is_news_too(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    one, case = asks(console_house)
    send(seat, case, "answer", text="Bonjour")
    path = f"/console/cases/{case.reference}/live"
    mark = seat.get(path).headers["ETag"]
    assert one.waiting()

    moved = seat.get(path, headers={"If-None-Match": mark})
    assert moved.status_code == 200
    assert "en attente d'envoi" not in moved.get_data(as_text=True)


def test_the_polled_part_carries_its_own_mark(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    _, case = asks(console_house)
    text = page(seat, f"/{case.reference}")
    written = re.search(r"hx-headers='(\{[^']+\})'", text)
    assert written
    mark = seat.get(f"/console/cases/{case.reference}/live").headers["ETag"]

    assert written[1].replace('\\"', '"') == f'{{"If-None-Match": "{mark}"}}'


def test_a_complaint_stays_out_of_the_conversation_that_others_read(console_house, staff_client: Sit):
    one, case = asks(console_house)
    _, complaint = complains(console_house, one.number)
    one.write("c'était mardi, au bureau de Kayes")
    text = page(staff_client("caseworker"), f"/{case.reference}")
    focal = page(staff_client("focal_point", "caseworker"), f"/{case.reference}")

    assert "argent pour mon dossier" not in text
    assert complaint.reference not in text
    assert "mardi, au bureau" not in text
    assert "je veux parler" in text
    assert "argent pour mon dossier" in focal
    assert "mardi, au bureau" in focal
    assert complaint.reference in focal


def test_a_partner_reads_what_led_to_the_case_and_may_only_add_a_note(console_house, staff_client: Sit):
    worker, partner = staff_client("caseworker"), staff_client("partner", partner="apej")
    _, case = asks(console_house)
    send(worker, case, "refer", partner="apej")
    text = page(partner, f"/{case.reference}")

    assert "/note" in text
    assert "/answer" not in text
    assert "/close" not in text
    assert "/numbers" not in text
    assert send(partner, case, "note", reason="Vu, rendez-vous pris.").status_code == 303
    assert partner.post_form(f"/console/cases/{case.reference}/take", {"seen": "99"}).status_code == 403


def test_nobody_can_be_written_to_once_their_data_are_erased(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    one, case = asks(console_house)
    person = one.person()
    assert person
    with console_house.ports.store.write() as tx:
        tx.forget(person.id, receipt="R", now=console_house.ports.clock.now())
    text = page(seat, f"/{case.reference}")

    assert "/answer" not in text
    assert "je veux parler" not in text


def test_a_voice_note_is_named_as_one(console_house, staff_client: Sit):
    one, case = asks(console_house)
    one.write("", content="voice_note")

    assert "(note vocale)" in page(staff_client("caseworker"), f"/{case.reference}")


def test_whatsapp_is_counted_without_segments(console_house, staff_client: Sit):
    one = phone(console_house, channel="whatsapp")
    one.write("je veux parler à quelqu'un")
    case, *_ = cases_of(console_house, one)
    assert one.person().addresses[0] == Address("whatsapp", one.number)
    answer = staff_client("caseworker").post_form(f"/console/cases/{case.reference}/draft", {"text": "Bonjour"})

    assert "7 caractères · WhatsApp" in answer.get_data(as_text=True)


def test_what_was_answered_to_a_check_in_is_told_in_french(console_house, staff_client: Sit):
    one, case = asks(console_house)
    note = {"mood": "bad", "trouble": "papers", "about": "leaving again"}
    told = replace(case, id=console_house.ports.ids.new(), reference=reference(4711), kind="wellbeing", note=note)
    with console_house.ports.store.write() as tx:
        tx.open_case(told, now=case.opened_at)
        tx.save_profile(one.person().id, {"return_month": "2026-08"}, now=case.opened_at)
    text = page(staff_client("caseworker"), f"/{told.reference}")

    assert re.findall(r"A dit : ([^<]*)</dt><dd>([^<]*)<", text) == [
        ("comment ça va", "Mal"),
        ("ce qui ne va pas", "Papiers"),
        ("sujet", "veut repartir"),
    ]
    assert "08/2026" in text


def rings(house, number):
    """Let somebody call who never wrote; return the case."""
    incoming = Incoming("simulator", number, Address("voice", number), "", "", house.ports.clock.now())
    note_call(house.ports, house.calls, incoming, deadlines=house.brain.deadlines)
    (case,) = cases_of(house, phone(house, number))
    return case


def test_whoever_only_called_can_be_answered_on_the_page(console_house, staff_client: Sit):
    case, seat = rings(console_house, fresh()), staff_client("caseworker")
    text = page(seat, f"/{case.reference}")

    assert "votre réponse part par SMS" in text
    assert "(appel)" in text
    assert "effacées" not in text
    assert send(seat, case, "answer", text="Bonjour, vous avez appelé.").status_code == 303
    assert "Bonjour, vous avez appelé." in page(seat, f"/{case.reference}")


def test_whoever_called_from_a_fixed_line_is_to_be_called(console_house, staff_client: Sit):
    text = page(staff_client("caseworker"), f"/{rings(console_house, '+22320221234').reference}")

    assert "appelez-la" in text
    assert "/answer" not in text
    assert "effacées" not in text
