"""Every route of the application stands in one table, with what protects it; a route that does not is a failure."""

import pytest
from flask import Flask

from console.desk import all_doors
from console.manners import HEADERS

SIGNATURE = "signature"  # without the provider's signature: 403, before anything is read
PUBLIC = "public"  # says nothing about anybody
SECRET = "secret"  # without the shared secret: 403, before anything is read
SIMULATOR = "simulator"  # 404 in live; forms only from the page itself
THRESHOLD = "threshold"  # signing in: says nothing about anybody; forms only from the page itself
DEMO = "demo"  # like THRESHOLD; 404 in live
STAFF = "staff"  # signed in, with a role of the door: tests/console/test_doors.py

ROUTES = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("POST", "/webhooks/twilio/messages"): SIGNATURE,
    ("POST", "/webhooks/twilio/status"): SIGNATURE,
    ("POST", "/webhooks/twilio/voice"): SIGNATURE,
    ("POST", "/webhooks/twilio/call/<call_id>"): SIGNATURE,
    ("POST", "/webhooks/twilio/call/<call_id>/through"): SIGNATURE,
    ("POST", "/webhooks/twilio/call/<call_id>/spoken"): SIGNATURE,
    ("POST", "/webhooks/twilio/call/<call_id>/ended"): SIGNATURE,
    ("GET", "/webhooks/kannel/messages"): SECRET,
    ("POST", "/webhooks/kannel/messages"): SECRET,
    ("GET", "/webhooks/kannel/status"): SECRET,
    ("POST", "/webhooks/kannel/status"): SECRET,
    ("GET", "/webhooks/kannel/calls"): SECRET,
    ("POST", "/webhooks/kannel/calls"): SECRET,
    ("GET", "/webhooks/calls"): SECRET,
    ("POST", "/webhooks/calls"): SECRET,
    ("POST", "/webhooks/smsgate/messages"): SIGNATURE,
    ("GET", "/console/static/<path:filename>"): PUBLIC,
    ("GET", "/console/sign-in"): THRESHOLD,
    ("POST", "/console/sign-in"): THRESHOLD,
    ("GET", "/console/second-factor"): THRESHOLD,
    ("POST", "/console/second-factor"): THRESHOLD,
    ("GET", "/console/set-up"): THRESHOLD,
    ("POST", "/console/set-up"): THRESHOLD,
    ("POST", "/console/sign-out"): THRESHOLD,
    ("POST", "/console/demo"): DEMO,
    **{(verb, f"/console{door.rule}"): STAFF for door in all_doors() for verb in door.methods},
    ("GET", "/"): SIMULATOR,
    ("GET", "/phone/"): SIMULATOR,
    ("GET", "/phone/static/<path:filename>"): SIMULATOR,
    ("POST", "/phone/scene"): SIMULATOR,
    ("POST", "/phone/<any(sms,whatsapp):channel>"): SIMULATOR,
}
EXAMPLES = {"<path:filename>": "phone.css", "<any(sms,whatsapp):channel>": "sms"}


def routes(app: Flask) -> set[tuple[str, str]]:
    return {(verb, rule.rule) for rule in app.url_map.iter_rules() for verb in rule.methods or () if verb in VERBS}


VERBS = {"GET", "POST", "PUT", "PATCH", "DELETE"}  # HEAD and OPTIONS come with them


def protected_by(kind: str) -> list[tuple[str, str]]:
    return [route for route, protection in ROUTES.items() if protection == kind]


def example(path: str) -> str:
    for placeholder, value in EXAMPLES.items():
        path = path.replace(placeholder, value)
    return path


def test_every_route_says_what_protects_it(demo: Flask):
    unknown = routes(demo) - ROUTES.keys()

    assert not unknown, f"Say in ROUTES of {__name__} what protects {sorted(unknown)}."
    assert routes(demo) == set(ROUTES)


def test_live_serves_everything_but_the_simulator(live: Flask):
    assert routes(live) == {route for route, protection in ROUTES.items() if protection not in {SIMULATOR, DEMO}}


@pytest.mark.parametrize(("verb", "path"), protected_by(SIGNATURE))
@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "bm90IGEgc2lnbmF0dXJl"}], ids=["unsigned", "forged"])
def test_a_webhook_refuses_what_is_not_signed(demo: Flask, live: Flask, verb: str, path: str, headers: dict[str, str]):
    for app in (demo, live):
        form = {"From": "+22376000001", "Body": "bonjour", "MessageSid": "SM" + "0" * 32}
        answer = app.test_client().open(path, method=verb, data=form, headers=headers)

        assert answer.status_code == 403


@pytest.mark.parametrize(("verb", "path"), protected_by(SECRET))
@pytest.mark.parametrize("given", [{}, {"secret": ""}, {"secret": "made-u"}, {"secret": "made-up2"}])
def test_a_gateway_s_webhook_refuses_whoever_does_not_know_the_secret(
    demo: Flask, live: Flask, verb: str, path: str, given: dict[str, str]
):
    for app in (demo, live):
        fields = {"from": "+22376000001", "text": "bonjour", "id": "1", "m": "1", "status": "1"} | given
        asked = {"query_string": fields} if verb == "GET" else {"data": fields}

        assert app.test_client().open(path, method=verb, **asked).status_code == 403


@pytest.mark.parametrize(("verb", "path"), protected_by(PUBLIC))
def test_what_is_public_names_nobody(browser, verb: str, path: str):
    browser.post("/phone/sms", data={"text": "je suis Fatoumata Coulibaly, 76 12 34 56"})
    text = browser.open(path, method=verb).get_data(as_text=True)

    assert "Fatoumata" not in text
    assert "+223" not in text
    assert "76 12 34 56" not in text


@pytest.mark.parametrize(("verb", "path"), [*protected_by(SIMULATOR), *protected_by(DEMO)])
def test_live_has_no_simulator(live: Flask, verb: str, path: str):
    assert live.test_client().open(example(path), method=verb).status_code == 404


@pytest.mark.parametrize("path", [example(path) for verb, path in protected_by(SIMULATOR) if verb == "POST"])
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}],
    ids=lambda headers: " ".join(headers.values()),
)
def test_the_simulator_refuses_a_form_of_another_site(browser, path: str, headers: dict[str, str]):
    assert browser.post(path, data={"text": "bonjour"}, headers=headers).status_code == 403


@pytest.mark.parametrize("path", [example(path) for verb, path in protected_by(SIMULATOR) if verb == "POST"])
def test_the_simulator_refuses_a_form_without_its_cookie(demo: Flask, path: str):
    answer = demo.test_client().post(path, data={"text": "bonjour"})

    assert answer.status_code == 403
    assert "/phone/" in answer.get_data(as_text=True)


def test_the_front_door_of_a_demo_leads_to_the_phone(demo: Flask):
    answer = demo.test_client().get("/")

    assert (answer.status_code, answer.location) == (302, "/phone/")


@pytest.mark.parametrize(
    "path", ["/healthz", "/metrics", "/nothing", "/console", "/console/nothing", "/webhooks/kannel/messages"]
)
def test_every_answer_carries_our_headers(live: Flask, path: str):
    answer = live.test_client().get(path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
