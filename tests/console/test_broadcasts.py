"""Broadcasts in the console: seen before they are sent, approved by a second person, followed while they run."""

import io
import itertools
import re

import pytest

from bot.core.messages import Address
from bot.ports.broadcasts import LedgerFilter
from bot.service.feed_broadcasts import begin

_numbers = itertools.count(76_200_000)


@pytest.fixture
def author(staff_client):
    return staff_client("broadcaster", phone=Address("sms", f"+223{next(_numbers)}"))


@pytest.fixture
def second(staff_client):
    return staff_client("broadcaster")


@pytest.fixture
def persons(console_house):
    """Make persons with consent in a region of their own, and return its tag."""

    def make(count, *, tag, **profile):
        ports, addresses = console_house.ports, [Address("sms", f"+223{next(_numbers)}") for _ in range(count)]
        for address in addresses:
            ident = ports.ids.new()
            with ports.store.write() as tx:
                tx.ensure_person(ident, address, now=ports.clock.now())
                tx.save_profile(ident, {"consent": "given", "language": "fr", **profile}, now=ports.clock.now())
        console_house.broadcasts.tag(tag, addresses, now=ports.clock.now())
        return addresses

    return make


def form(tag, **more):
    return {
        "name": "Rencontre à Kayes",
        "kind": "text",
        "text_fr": "Bonjour {name}, rencontre le 3 à Kayes.",
        "text_bm": "I ni ce {name}.",
        "channel": "any",
        "tags": [tag],
        **more,
    }


def text_of(answer):
    return answer.get_data(as_text=True)


def version(seat, page):
    return re.search(r'name="version" value="(\d+)"', text_of(seat.get(page)))[1]


def do(seat, page, what):
    return seat.post_form(f"{page}/do", {"do": what, "version": version(seat, page)})


def written(author, tag, **more):
    return author.post_form("/console/broadcasts/new", form(tag, **more)).location


def test_public_price_and_phones_are_seen_before_anything_is_kept(author, persons):
    persons(3, tag="look")
    persons(2, tag="look", consent="refused")

    shown = text_of(author.post_form("/console/broadcasts/new", form("look", look="1")))

    assert "<b>3</b> personne(s)" in shown
    assert "n&#39;a pas donné son accord" in shown
    assert "Bonjour Fatoumata Djénéba Coulibaly, rencontre le 3 à Kayes." in shown
    assert "GSM-7 · 1 SMS · 25 F CFA par personne" in shown
    assert "Bonjour {name}" in shown
    assert "look" not in text_of(author.get("/console/broadcasts"))


def test_it_says_what_a_letter_costs(author, persons):
    persons(1, tag="letters")
    dear = form("letters", text_fr="ê" * 100, look="1")

    assert "« ê » part comme « e » par SMS : tel quel" in text_of(author.post_form("/console/broadcasts/new", dear))


def test_nothing_typed_is_lost_when_a_figure_is_none(author):
    answer = author.post_form("/console/broadcasts/new", form("x", budget="beaucoup", text_bm="Aw ni ce"))

    assert answer.status_code == 422
    assert "Le budget est un nombre entier" in text_of(answer)
    assert "Aw ni ce" in text_of(answer)
    assert 'value="beaucoup"' in text_of(answer)


def test_a_budget_of_nothing_is_refused(author):
    answer = author.post_form("/console/broadcasts/new", form("x", budget="0"))

    assert (answer.status_code, "0 franc rien ne part" in text_of(answer)) == (422, True)
    assert 'name="budget" inputmode="numeric" value="0"' in text_of(answer)


def test_a_second_person_approves_and_only_then_it_is_scheduled(author, second, persons):
    persons(2, tag="approve")
    page = written(author, "approve")
    do(author, page, "submit")

    own = do(author, page, "approve")
    assert (own.status_code, "deuxième personne" in text_of(own)) == (422, True)
    early = second.post_form(f"{page}/schedule", {"starts_at": "", "version": version(second, page)})
    assert early.status_code == 422

    assert do(second, page, "approve").status_code == 303
    second.post_form(f"{page}/schedule", {"starts_at": "2031-11-24T09:30", "version": version(second, page)})
    assert "départ le 24/11/2031 à 09:30" in text_of(second.get(page))


def test_what_is_wrong_with_it_is_said_before_anybody_approves(author, persons):
    persons(1, tag="wrong")
    page = written(author, "wrong", text_bm="", text_fr="Bonjour {prenom}")

    answer = do(author, page, "submit")

    assert answer.status_code == 422
    assert "{prenom}" in text_of(answer)
    assert "Écrivez le texte en bambara" in text_of(answer)


@pytest.mark.parametrize("flow", ["pattern_emergency", "stop", "erase_data"])
def test_a_conversation_that_the_menu_does_not_offer_is_not_sent_either(author, persons, flow):
    persons(1, tag="flows")
    assert f'value="{flow}"' not in text_of(author.get("/console/broadcasts/new"))
    page = written(author, "flows", kind="flow", flow=flow)

    answer = do(author, page, "submit")

    assert (answer.status_code, "ne s&#39;envoient pas à tous" in text_of(answer)) == (422, True)


def test_of_two_who_edit_at_once_the_second_sees_what_the_first_has_kept(author, second, persons):
    persons(1, tag="both")
    page = written(author, "both")
    seen = version(author, f"{page}/edit")
    author.post_form(f"{page}/edit", form("both", name="Rencontre à Kita", version=seen))

    answer = second.post_form(f"{page}/edit", form("both", text_bm="Ne ka daɲɛw", version=seen))

    assert answer.status_code == 422
    assert "Rencontre à Kita" in text_of(answer)
    assert "Ne ka daɲɛw" in text_of(answer)
    again = re.search(r'name="version" value="(\d+)"', text_of(answer))[1]
    assert second.post_form(f"{page}/edit", form("both", version=again)).status_code == 303


def test_a_bad_time_keeps_what_was_typed(author, second, persons):
    persons(1, tag="time")
    page = written(author, "time")
    do(author, page, "submit")
    do(second, page, "approve")

    answer = second.post_form(f"{page}/schedule", {"starts_at": "demain", "version": version(second, page)})

    assert (answer.status_code, 'value="demain"' in text_of(answer)) == (422, True)


def test_a_test_goes_to_staff_alone(author, persons, console_house):
    persons(1, tag="test")
    page = written(author, "test")

    nobody = author.post_form(f"{page}/test", {"version": version(author, page)})
    assert nobody.status_code == 422
    sent = author.post_form(f"{page}/test", {"to": [author.account.id], "version": version(author, page)})
    assert sent.status_code == 303
    assert "essai partent" in text_of(author.get(page))


@pytest.fixture
def running(author, second, persons, console_house):
    def run(tag, count=3, **more):
        persons(count, tag=tag, region="kayes")
        page = written(author, tag, **more)
        for seat, what in ((author, "submit"), (second, "approve")):
            do(seat, page, what)
        second.post_form(f"{page}/schedule", {"starts_at": "", "version": version(second, page)})
        ident = page.rsplit("/", 1)[1]
        begin(console_house.broadcast_desk, console_house.broadcasts.get(ident))
        return page

    return run


def test_a_running_one_shows_how_far_it_is_and_stops_at_once(author, running):
    page = running("run")
    live = author.get(f"{page}/live")
    assert "0 sur 3" in text_of(live)
    assert author.get(f"{page}/live", headers={"If-None-Match": live.headers["ETag"]}).status_code == 304

    do(author, page, "pause")
    assert "mise en pause par l&#39;équipe" in text_of(author.get(page))
    do(author, page, "resume")
    do(author, page, "cancel")
    assert "3 sur 3" in text_of(author.get(page))
    assert "annulée avant que le message parte" in text_of(author.get(page))


def test_a_second_person_raises_the_budget_of_what_paused_for_money(author, second, running, console_house):
    page = running("money", budget="50")
    ident = page.rsplit("/", 1)[1]
    with console_house.broadcasts.handing(ident) as hand:
        hand.pause(reason="budget")

    def raised(seat, budget):
        return seat.post_form(f"{page}/budget", {"budget": budget, "version": version(second, page)})

    assert "vous avez écrit cet envoi" in text_of(author.get(page))
    assert raised(author, "100").status_code == 422
    wrong = raised(second, "beaucoup")
    assert (wrong.status_code, 'value="beaucoup"' in text_of(wrong)) == (422, True)
    assert raised(second, "100").status_code == 303
    assert "<dd>100 F CFA</dd>" in text_of(second.get(page))
    do(author, page, "resume")
    assert "en cours" in text_of(author.get(page))


def test_the_ledger_can_be_read_filtered_and_taken_along_without_names(author, running):
    page = running("ledger")

    assert "Kayes" in text_of(author.get(f"{page}/ledger"))
    assert "Aucune ligne" in text_of(author.get(f"{page}/ledger?status=delivered"))
    taken = text_of(author.get(f"{page}/ledger.csv"))
    assert taken.count("\n") == 4
    assert "Nom" not in taken
    assert author.get(f"{page}/ledger.xlsx").get_data().startswith(b"PK")
    assert author.get(f"{page}/ledger.pdf").status_code == 404


@pytest.mark.parametrize("reason", ["grave_case", "with_a_person"])
def test_no_filter_of_the_ledger_tells_a_grave_case_from_a_conversation(author, running, console_house, reason):
    page = running(f"why-{reason}", count=2)
    first, last = console_house.broadcasts.recipients(page.rsplit("/", 1)[1], LedgerFilter())
    with console_house.broadcasts.handing(first.broadcast_id) as hand:
        for row, why in ((first, "with_a_person"), (last, "grave_case")):
            hand.put_off(row.id, until=row.changed_at, reason=why, now=row.changed_at)

    assert text_of(author.get(f"{page}/ledger.csv?reason={reason}")).count("\n") == 3
    assert text_of(author.get(f"{page}/ledger?reason={reason}")).count("<tr>") == 3


def test_names_are_taken_along_for_a_reason_that_is_kept(author, running, console_house):
    page = running("named")

    refused = author.post_form(f"{page}/ledger/named", {"reason": "x"})
    assert (refused.status_code, "pourquoi" in text_of(refused)) == (422, True)
    taken = author.post_form(f"{page}/ledger/named", {"reason": "appeler ceux de Kayes"})
    assert "Numéro masqué" in text_of(taken)
    assert "+223" not in text_of(taken)


def test_a_list_of_numbers_becomes_an_audience_and_unknown_ones_leave_no_trace(author, persons):
    known, _ = persons(2, tag="elsewhere")
    listed = f"Téléphone\n{known.reveal()}\n70999999\npas un numéro\n"

    answer = author.post_form(
        "/console/number-lists/new", {"tag": "salon", "file": (io.BytesIO(listed.encode()), "l.csv")}
    )

    assert "1 personne(s) connue(s) sur 2 numéro(s)" in text_of(answer)
    assert "ligne(s) 4" in text_of(answer)
    assert "salon (1)" in text_of(author.get("/console/broadcasts/new"))


def test_a_list_without_titles_is_understood(author, persons):
    [known] = persons(1, tag="untitled")
    listed = f"Awa;{known.reveal()}\n"

    answer = author.post_form(
        "/console/number-lists/new", {"tag": "nu", "file": (io.BytesIO(listed.encode()), "l.csv")}
    )

    assert "1 personne(s) connue(s) sur 1 numéro(s)" in text_of(answer)


@pytest.mark.parametrize("typed", ["", "gratuit", "-3", "NaN", "1e9"])
def test_a_price_that_is_none_is_refused(staff_client, typed):
    administrator = staff_client("administrator")

    answer = administrator.post_form("/console/prices/new", {"channel": "sms", "francs": typed})

    assert answer.status_code == 422


def test_an_administrator_keeps_the_prices(staff_client, author):
    administrator = staff_client("administrator")
    administrator.post_form("/console/prices/new", {"channel": "template", "francs": "16,5", "provider": "twilio"})

    assert "16,50 F CFA" in text_of(author.get("/console/prices"))
    assert author.post_form("/console/prices/new", {"channel": "sms", "francs": "1"}).status_code == 403
