"""rasa_sdk actions, in process and on the real action server: one contract, and every pitfall that was met."""

import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import rasa_sdk
from rasa_sdk import Action, ValidationAction
from rasa_sdk.events import SlotSet

from bot.adapters.actions import InProcess, Remote, known, package_actions
from bot.core.acting import ActionCall, ActionFailed, ActionResult
from tests.action_server import action_server
from tests.engine.sample.sample_actions import ACTIONS

DOMAIN = {"slots": {"name": {"type": "text", "mappings": [{"type": "custom"}]}}, "responses": {}}
ROOT = Path(__file__).parents[2]


def call_of(action, /, *, events=(), **slots):
    tracker = {
        "sender_id": "p",
        "slots": slots,
        "latest_message": {"text": "bonjour"},
        "events": list(events),
        "stack": [],
    }
    return ActionCall(action, tracker, DOMAIN, "digest")


@pytest.fixture(scope="module")
def server():
    with action_server("sample_actions", path=Path(__file__).parent / "sample") as url:
        yield url


@pytest.fixture(params=["in process", "remote"])
def act(request):
    return InProcess(ACTIONS) if request.param == "in process" else Remote(request.getfixturevalue("server"))


def slots_of(result):
    return {event["name"]: event["value"] for event in result.events}


def one(method, base=Action):
    """Make an action of one function."""
    return type("One", (base,), {"name": lambda _self: "action_one", "run": method})()


def test_it_takes_events_responses_and_effects(act):
    result = act(call_of("action_greet", name="Awa"))

    assert slots_of(result) == {"greeted": True, "slots_known": 1}
    assert [message["response"] for message in result.responses] == ["utter_hello", None]
    assert result.responses[0]["name"] == "Awa"
    assert result.responses[1]["custom"] == {"effect": "opt_in"}


def test_it_awaits_for_real(act):
    assert slots_of(act(call_of("action_awaits"))) == {"text": "bonjour"}


def test_it_takes_the_buttons_that_an_action_makes(act):
    assert act(call_of("action_asks")).responses[0]["buttons"] == [{"title": "A", "payload": "/start(a)"}]


def test_it_takes_nothing_for_no_events(act):
    assert act(call_of("action_nothing")) == ActionResult()


@pytest.mark.parametrize(("given", "kept"), [("awa", "Awa"), ("x", None)])
def test_it_validates_the_slot_events_at_the_end(act, given, kept):
    events = [{"event": "action", "name": "action_listen"}, SlotSet("name", given)]

    assert slots_of(act(call_of("action_validate_slot_mappings", events=events, name=given))) == {"name": kept}


def test_both_ways_answer_the_same(server):
    calls = [call_of(f"action_{name}", name="Awa") for name in ("greet", "awaits", "nothing", "asks", "scribbles")]

    assert [InProcess(ACTIONS)(c) for c in calls] == [Remote(server)(c) for c in calls]


def test_pitfall_1_an_action_cannot_change_our_state_by_the_way(act):
    call = call_of("action_scribbles", name="Awa", events=[SlotSet("name", "Awa")])
    act(call)

    assert call.tracker["slots"] == {"name": "Awa"}
    assert len(call.tracker["events"]) == 1


def test_pitfall_2_only_the_instances_that_we_list_are_registered():
    assert InProcess(ACTIONS[:1]).names == {"action_greet"}


def test_pitfall_3_a_broken_actions_module_raises_instead_of_ending_the_process(tmp_path, monkeypatch):
    (tmp_path / "broken_actions.py").write_text("import no_such_module_at_all\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ImportError):
        package_actions("broken_actions")


@pytest.mark.parametrize("events", [["no event"], [{"name": "x"}], "text", [SlotSet("a", 1), None]])
def test_pitfall_4_a_bad_event_is_refused_not_dropped(events):
    act = InProcess([one(lambda _self, dispatcher, tracker, domain: events)])

    with pytest.raises(ActionFailed, match="action_one"):
        act(call_of("action_one"))


def test_pitfall_4_a_validate_method_must_return_a_dict():
    class Wrong(ValidationAction):
        def validate_name(self, value, dispatcher, tracker, domain):
            return value

    with pytest.raises(ActionFailed, match="validate_name returned no dict"):
        InProcess([Wrong()])(call_of("action_validate_slot_mappings", events=[SlotSet("name", "awa")], name="awa"))


def test_pitfall_5_the_domain_travels_when_the_server_asks_for_it(server):
    fresh = ActionCall("action_greet", call_of("", name="Awa").tracker, {"slots": {"a": {}, "b": {}}}, "another digest")

    assert slots_of(Remote(server)(fresh))["slots_known"] == 2


def test_pitfall_6_our_version_is_sent_so_that_nothing_warns(act):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        act(call_of("action_nothing"))

    assert rasa_sdk.__version__.count(".") == 2


def test_pitfall_7_actions_run_in_many_threads_at_once():
    act = InProcess(ACTIONS)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: slots_of(act(call_of("action_awaits", name=str(n)))), range(64)))

    assert results == [{"text": "bonjour"}] * 64


def test_pitfall_8_a_failure_never_quotes_what_a_person_said(act):
    with pytest.raises(ActionFailed) as failure:
        act(call_of("action_raises", name="Awa Traoré"))

    assert "Awa" not in str(failure.value)
    assert failure.value.__cause__ is None
    assert failure.value.__context__ is None or failure.value.__suppress_context__


def test_pitfall_8_an_action_server_that_is_away_is_a_failure_without_a_body():
    with pytest.raises(ActionFailed, match="cannot be reached"):
        Remote("http://127.0.0.1:9/webhook")(call_of("action_greet", name="Awa"))


def test_pitfall_9_two_executors_live_side_by_side():
    first, second = InProcess(ACTIONS), InProcess(ACTIONS)

    assert first(call_of("action_awaits")) == second(call_of("action_awaits"))


def test_pitfall_9_the_web_process_does_not_import_the_action_server():
    loaded = "import sys, bot.adapters.actions; print([m for m in ('grpc', 'rasa_sdk.endpoint') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_pitfall_10_an_unknown_action_is_a_failure_with_its_name(act):
    with pytest.raises(ActionFailed, match="action_unknown"):
        act(call_of("action_unknown"))


def test_pitfall_11_nothing_is_traced_or_reported():
    loaded = (
        "import sys, bot.adapters.actions; print([m for m in sys.modules if m.startswith('opentelemetry.exporter')])"
    )
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("word", ["text", "template", "image", "attachment"])
def test_an_action_speaks_by_response_name_only(word):
    def run(_self, dispatcher, _tracker, _domain):
        dispatcher.utter_message(**{word: "Bonjour"})

    with pytest.raises(ActionFailed, match="response="):
        InProcess([one(run)])(call_of("action_one"))


def test_it_knows_the_names_of_the_actions_and_what_they_validate():
    names, validates = known(ACTIONS)

    assert {"action_greet", "action_validate_slot_mappings"} <= names
    assert validates == {"name"}


def test_the_actions_of_the_assistant_have_different_names_and_no_arguments():
    actions = package_actions()

    assert len({action.name() for action in actions}) == len(actions) > 0
    assert all(type(action)().name() == action.name() for action in actions)
