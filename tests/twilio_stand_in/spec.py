"""The provider's own OpenAPI, where it is at hand: what a request may carry and what an answer looks like."""

import copy
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.datastructures import MultiDict

from tests.twilio_stand_in.refusals import Refusal

FILE = Path(__file__).parents[2] / "../shared/twilio/slim.json"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
CALLS = "/2010-04-01/Accounts/{AccountSid}/Calls.json"
MESSAGE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"

# What is checked without the file: the names that a request may use.
_SENDING = """
To From FallbackFrom MessagingServiceSid Body MediaUrl ContentSid ContentVariables StatusCallback ApplicationSid
MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded
PersistentAction TrafficType ShortenUrls ScheduleType SendAt SendAsMms RiskCheck
"""
_CALLING = """
To From Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent StatusCallbackMethod SendDigits Timeout
Record CallerId MachineDetection AsyncAmd CallReason TimeLimit Url Twiml ApplicationSid
"""
NAMES = {
    MESSAGES: frozenset(_SENDING.split()),
    MESSAGE: frozenset({"Body", "Status"}),
    CALLS: frozenset(_CALLING.split()),
}

FORMATS = FormatChecker(())


@FORMATS.checks("date-time", raises=ValueError)
def _is_time(value: object) -> bool:
    return datetime.fromisoformat(str(value)).tzinfo is not None


@cache
def _spec() -> Mapping[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def check_request(path: str, form: MultiDict[str, str]) -> None:
    """Raise Refusal 20001, naming the parameter, unless the form fits the specification."""
    unknown = sorted(set(form) - NAMES[path])
    if unknown:
        raise Refusal(20001, f"Unknown parameter {unknown[0]}.")
    if not _spec():
        return
    schema = _closed(path)
    typed = {name: _typed(schema["properties"].get(name, {}), form.getlist(name)) for name in form}
    error = next(iter(_validator(schema).iter_errors(typed)), None)
    if error is not None and list(error.path):  # a missing To has a code of its own
        raise Refusal(20001, f"The parameter {error.path[0]} is invalid.")


def answer_errors(schema_name: str, answer: Mapping[str, Any]) -> list[str]:
    """Return what an answer of ours has that the specification does not allow."""
    schema = _nullable(copy.deepcopy(_spec()["components"]["schemas"][schema_name]))
    return [error.message for error in _validator(schema).iter_errors(answer)]


def _validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": _spec()["components"]}, format_checker=FORMATS)


def _closed(path: str) -> dict[str, Any]:
    body = _spec()["paths"][path]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    return {**body, "additionalProperties": False}


def _typed(schema: Mapping[str, Any], values: list[str]) -> Any:
    try:
        match schema.get("type"):
            case "array":
                return values
            case "integer":
                return int(values[-1])
            case "number":
                return float(values[-1])
            case "boolean":
                return {"true": True, "false": False}.get(values[-1].lower(), values[-1])
    except ValueError:
        pass
    return values[-1]


def _nullable(schema: Any) -> Any:
    """Translate OpenAPI 3.0's `nullable` into JSON Schema."""
    if isinstance(schema, dict):
        if schema.pop("nullable", False) and "type" in schema:
            schema["type"] = [schema["type"], "null"]
        for value in schema.values():
            _nullable(value)
    return schema
