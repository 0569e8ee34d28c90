"""What staff switch off is said no more from the next look on, in every process."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot.core.assistant import Assistant
from bot.core.domain import Domain
from bot.core.facts_editing import FactEdit, suspend, verify
from bot.core.hours import Hours
from bot.core.text_reviews import TextReview
from bot.ports import StorageAway
from bot.service.brain import Brain
from bot.service.fresh_brain import FreshBrain

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
GIVEN = ("urgence_police", "urgence_pompiers", "urgence_sante")


@dataclass
class KeptEdits:
    """Changes in memory, and how often somebody asked for them."""

    made: list[FactEdit] = field(default_factory=list)
    asked: int = 0
    away: bool = False

    def add(self, made: FactEdit) -> None:
        self.made.append(made)

    def all(self) -> tuple[FactEdit, ...]:
        return tuple(self.made)

    def newest(self) -> int:
        self.asked += 1
        if self.away:
            raise StorageAway
        return len(self.made)


class KeptReviews:
    """What nobody has said about any sentence."""

    def all(self) -> tuple[TextReview, ...]:
        return ()

    def newest(self) -> int:
        return 0


@dataclass
class Watch:
    """A clock that is set by hand."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


def fresh(facts, edits: KeptEdits, watch: Watch, *, demo: bool = False) -> FreshBrain:
    brain = Brain(
        assistant=Assistant(flows={}, domain=Domain(), facts=facts),
        understanding=None,
        act=None,
        render={},
        hours=Hours(),
        sms_price="free",
        alert_to=(),
        numbers_checked=demo,
        unread_bambara_allowed=demo,
    )
    return FreshBrain(brain, edits, KeptReviews(), watch, demo=demo)


def test_a_fact_that_is_switched_off_is_off_two_seconds_later(facts):
    edits, watch = KeptEdits(), Watch()
    brain = fresh(facts, edits, watch)
    assert not brain.now().assistant.facts.facts["oim_bamako"].suspended

    edits.add(suspend(facts, "oim_bamako", by="Awa", at=NOW))
    watch.at += timedelta(seconds=2)

    assert brain.now().assistant.facts.facts["oim_bamako"].suspended


def test_it_does_not_ask_the_database_at_every_turn(facts):
    edits = KeptEdits()
    brain = fresh(facts, edits, Watch())

    for _ in range(5):
        brain.now()

    assert edits.asked == 1


def test_it_goes_on_with_what_it_knows_when_the_database_is_away(facts):
    edits, watch = KeptEdits([suspend(facts, "oim_bamako", by="Awa", at=NOW)]), Watch()
    brain = fresh(facts, edits, watch)
    brain.now()

    edits.away = True
    watch.at += timedelta(minutes=1)

    assert brain.now().assistant.facts.facts["oim_bamako"].suspended


def test_emergency_numbers_are_said_in_live_once_all_of_them_were_checked(facts):
    checked = [verify(facts, i, by="Awa", on=date(2026, 11, 20), at=NOW) for i in GIVEN]
    unchecked = replace(facts, facts={i: replace(f, verified_on=None, verified_by="") for i, f in facts.facts.items()})

    assert not fresh(unchecked, KeptEdits(checked[:2]), Watch()).now().numbers_checked
    assert fresh(unchecked, KeptEdits(checked), Watch()).now().numbers_checked
    assert fresh(unchecked, KeptEdits(), Watch(), demo=True).now().numbers_checked


def test_an_emergency_number_that_is_switched_off_is_given_to_nobody_not_even_in_a_demo(facts):
    off = KeptEdits([suspend(facts, "urgence_police", by="Awa", at=NOW)])

    assert not fresh(facts, off, Watch(), demo=True).now().numbers_checked


def test_actions_no_longer_find_a_partner_that_is_switched_off(facts):
    brain = fresh(facts, KeptEdits([suspend(facts, "apej_contact", by="Awa", at=NOW)]), Watch()).now()

    assert brain.assistant.rasa_domain["partners"]["formation"]["kayes"] == "OIM, CCIM"
    assert brain.assistant.digest  # an action server must not go on with the directory it has
