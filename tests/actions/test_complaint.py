"""Which drawer a complaint opens in, by what the person wrote."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.complaint import OpenComplaint, kind_told


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("un monsieur de l'oim me demande 25000 pour accelerer mon dossier", "money"),
        ("on me demande de payer", "money"),
        ("a ye wari nini n fe", "money"),
        ("lagent di si je sort avec lui il me met sur la liste", "body"),
        ("il veut coucher avec moi et il demande 5000", "body"),  # the shorter deadline wins
        ("cet agent me touche", "body"),
        ("lagent crie sur nous et nous chasse", "other"),
        ("je veux me plaindre", None),
        ("je veux porter plainte contre un agent svp", None),
        ("4", None),  # the menu's digit
        ("", None),
    ],
)
def test_it_sees_what_the_message_tells_and_asks_only_when_it_tells_nothing(text, kind):
    assert kind_told(text) == kind


def opened(kind: str) -> list[dict]:
    dispatcher = CollectingDispatcher()
    slots = {"complaint_kind": kind, "next_reference": "K7421R"}
    tracker = Tracker("p", slots, {}, [], False, None, {}, "action_listen")
    OpenComplaint().run(dispatcher, tracker, {})
    return [message["custom"] for message in dispatcher.messages]


@pytest.mark.parametrize(("kind", "priority"), [("money", "P2"), ("body", "P1"), ("other", "P2")])
def test_every_complaint_is_for_the_focal_point_alone(kind, priority):
    case = opened(kind)[-1]

    assert (case["effect"], case["sensitive"], case["priority"]) == ("open_case", True, priority)
    assert case["note"] == {}


def test_who_complains_of_an_assault_is_not_called():
    assert opened("body")[0] == {"effect": "save_profile", "items": {"do_not_call": True}}
    assert len(opened("money")) == 1
