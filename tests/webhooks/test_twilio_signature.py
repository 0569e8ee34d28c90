"""Only what Twilio signed for our address gets in."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask, request

from webhooks.twilio_signature import SETTINGS, SIGNATURE, is_genuine

PUBLISHED = json.loads(Path(__file__).with_name("signature_vectors.json").read_text(encoding="utf-8"))
TOKEN = PUBLISHED["auth_token"]
PORTS = [
    case
    for case in PUBLISHED["port_behaviour_of_the_python_sdk"]["cases"]
    if "#" not in case["seen_url"]  # a fragment never reaches a server
]
app = Flask(__name__)


def checked(
    url: str, *, signature: str | None, seen_url: str | None = None, tokens: tuple[str, ...] = (TOKEN,), **call: Any
) -> bool:
    parts = urlsplit(seen_url or url)
    headers = {SIGNATURE: signature} if signature is not None else {}
    call.setdefault("content_type", "application/x-www-form-urlencoded")
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    with app.test_request_context(path, method="POST", headers=headers | call.pop("headers", {}), **call):
        return is_genuine(request, tokens=tokens, public_url=f"{parts.scheme}://{parts.netloc}")


def call_of(vector: dict[str, Any]) -> dict[str, Any]:
    headers = {SETTINGS: f"key=abc,algorithm={vector['algorithm']}"} if vector["algorithm"] != "HMAC_SHA1" else {}
    if "body" in vector:
        return {"data": vector["body"], "content_type": "application/json", "headers": headers}
    return {"data": urlencode(vector["params"], doseq=True), "headers": headers}


@pytest.mark.parametrize("vector", PUBLISHED["vectors"], ids=lambda vector: vector["name"])
def test_it_accepts_every_published_signature(vector: dict[str, Any]) -> None:
    assert checked(vector["url"], signature=vector["signature"], **call_of(vector))


@pytest.mark.parametrize("vector", PUBLISHED["vectors"], ids=lambda vector: vector["name"])
def test_it_refuses_them_when_anything_differs(vector: dict[str, Any]) -> None:
    url, signature = vector["url"], vector["signature"]

    assert not checked(url, signature=signature, tokens=("54321",), **call_of(vector))
    assert not checked(url, signature=signature[:-2] + "x=", **call_of(vector))
    assert not checked(url, signature="", **call_of(vector))
    assert not checked(url, signature=None, **call_of(vector))
    assert not checked(url, seen_url=url + "/x", signature=signature, **call_of(vector))
    other = call_of(vector) | {"data": "{}" if "body" in vector else "Body=other"}
    assert not checked(url, signature=signature, **other)


@pytest.mark.parametrize("case", PORTS, ids=lambda case: case["seen_url"])
def test_it_treats_ports_as_twilio_does(case: dict[str, Any]) -> None:
    from twilio.request_validator import RequestValidator

    signature = RequestValidator(TOKEN).compute_signature(case["signed_url"], {})

    assert checked(case["signed_url"], seen_url=case["seen_url"], signature=signature) == case["valid"]


def test_both_tokens_count_while_one_is_replaced() -> None:
    vector = PUBLISHED["vectors"][0]

    assert checked(vector["url"], signature=vector["signature"], tokens=("new", TOKEN), **call_of(vector))
    assert not checked(vector["url"], signature=vector["signature"], tokens=(), **call_of(vector))
    assert not checked(vector["url"], signature=vector["signature"], tokens=("",), **call_of(vector))


def test_json_without_the_hash_of_its_body_is_refused() -> None:
    from twilio.request_validator import RequestValidator

    url = "https://segin.example/webhooks/twilio/status"
    signature = RequestValidator(TOKEN).compute_signature(url, {})

    assert not checked(url, signature=signature, data="{}", content_type="application/json")
    assert not checked(url + "?bodySHA256=", signature=signature, data=b"\xff", content_type="application/json")


def test_an_unknown_algorithm_is_refused() -> None:
    vector = PUBLISHED["vectors"][0]
    call = call_of(vector) | {"headers": {SETTINGS: "key=a,algorithm=ROT13"}}

    assert not checked(vector["url"], signature=vector["signature"], **call)


@pytest.mark.parametrize("query", ["a=%27x%27", "a=b+c&a=b%20c", "z=1&a=2", "x=&y", "%C9%9B=%e9"])
def test_the_query_counts_exactly_as_it_came(query: str) -> None:
    from twilio.request_validator import RequestValidator

    url = f"https://segin.example/webhooks/twilio/messages?{query}"
    signature = RequestValidator(TOKEN).compute_signature(url, {"Body": " oui "})

    assert checked(url, signature=signature, data="Body=+oui+")


def test_headers_of_a_proxy_change_nothing() -> None:
    vector = PUBLISHED["vectors"][0]
    call = call_of(vector)
    call["headers"] |= {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}

    assert checked(vector["url"], signature=vector["signature"], **call)
