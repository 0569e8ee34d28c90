"""Runs rasa_sdk actions, in this process or on an action server: the same call, the same answer."""

import asyncio
import json
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterable, Mapping
from copy import copy
from http.client import HTTPConnection, HTTPException, HTTPResponse
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import urlsplit

import rasa_sdk
from rasa_sdk import Action, ValidationAction
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

from bot.core.acting import ActionCall, ActionFailed, ActionResult

_T = TypeVar("_T")
_TIMEOUT = 5  # seconds; an action computes, it waits for nobody
_NEEDS_DOMAIN = 449  # the server has not seen this domain yet
_OK = 200
_VALIDATE = "validate_"


class _Dispatcher(CollectingDispatcher):
    """Takes only what an action may say here: a response by name with values and buttons, or an effect as JSON."""

    def utter_message(  # noqa: PLR0913, PLR0917 - rasa_sdk's signature
        self,
        text: str | None = None,
        image: str | None = None,
        json_message: dict[str, Any] | None = None,
        template: str | None = None,
        response: str | None = None,
        attachment: str | None = None,
        buttons: list[dict[str, Any]] | None = None,
        elements: list[dict[str, Any]] | None = None,
        **values: Any,
    ) -> None:
        """Collect one message. Raises ActionFailed for sentences, pictures and the old word `template`."""
        if text or image or template or attachment or elements:
            raise ActionFailed("An action speaks by response=…; text, template, image and elements are not used here.")
        super().utter_message(json_message=json_message, response=response, buttons=buttons, **values)


class _Executor(ActionExecutor):
    """An executor that does not drop a bad event with a log line, but refuses it."""

    @staticmethod
    def validate_events(events: list[Any], action_name: str) -> list[dict[str, Any]]:
        """Return the events. Raises ActionFailed when one of them is no rasa_sdk event."""
        if not isinstance(events, list | tuple):
            raise ActionFailed(f"{action_name} returned no list of events.")
        bad = sum(not (isinstance(event, dict) and event.get("event")) for event in events)
        if bad:
            raise ActionFailed(f"{action_name} returned {bad} of {len(events)} events that are none.")
        return list(events)


class _Loop:
    """An event loop that is closed when its thread ends, or the program."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        weakref.finalize(self, self.loop.close)


class InProcess:
    """Runs the given action instances in the calling thread. Safe in several threads; plain `def` callers only."""

    def __init__(self, actions: Iterable[Action]) -> None:
        """Register the instances under their names."""
        self._executor = _Executor()
        for action in actions:
            self._executor.register_action(_checked(action) if isinstance(action, ValidationAction) else action)
        self._local = threading.local()

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the registered actions."""
        return frozenset(self._executor.actions)

    def __call__(self, call: ActionCall) -> ActionResult:
        """Run one action on a copy of the tracker. Raises ActionFailed, which never holds what a person said."""
        try:
            result = self._wait(self._executor.run(_payload(call), dispatcher=_Dispatcher()))
        except ActionFailed as error:
            raise ActionFailed(f"{call.name}: {error}") from None
        except Exception as error:  # noqa: BLE001 - whatever an action does wrong
            # The cause may quote the tracker, so only its kind goes on.
            raise ActionFailed(f"{call.name} failed with {type(error).__name__} in {_where(error)}.") from None
        return ActionResult(tuple(result.events), tuple(result.responses))

    def _wait(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """Run on this thread's own loop: eight times faster than asyncio.run, and it awaits for real."""
        own = getattr(self._local, "own", None)
        if own is None:
            own = self._local.own = _Loop()
        return own.loop.run_until_complete(coroutine)


class Remote:
    """Runs actions on `python -m rasa_sdk`. The server has no authentication: loopback or a private network only."""

    def __init__(self, url: str) -> None:
        """Keep the address, for example http://127.0.0.1:5055/webhook."""
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 5055
        self._path = parts.path.rstrip("/") or "/webhook"

    def __call__(self, call: ActionCall) -> ActionResult:
        """Run one action; the domain travels only when the server asks for it. Raises ActionFailed without any body."""
        payload = _payload(call)
        domain = payload.pop("domain")
        status, body = self._post(payload, call.name)
        if status == _NEEDS_DOMAIN:
            status, body = self._post({**payload, "domain": domain}, call.name)
        if status != _OK:
            raise ActionFailed(f"{call.name}: the action server answered {status}.")
        answer = json.loads(body)
        return ActionResult(tuple(answer["events"]), tuple(answer["responses"]))

    def _post(self, payload: Mapping[str, Any], name: str) -> tuple[int, bytes]:
        connection = HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
        try:
            connection.request("POST", self._path, json.dumps(payload), {"Content-Type": "application/json"})
            response: HTTPResponse = connection.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException) as error:
            raise ActionFailed(f"{name}: the action server cannot be reached ({type(error).__name__}).") from None
        finally:
            connection.close()


def _checked(action: ValidationAction) -> ValidationAction:
    """Return a copy whose validate methods must return a dict: rasa_sdk only warns and then takes the bad value."""
    checked = copy(action)
    for name in dir(action):
        if name.startswith(_VALIDATE):
            setattr(checked, name, _must_be_dict(name, getattr(action, name)))
    return checked


def _must_be_dict(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    async def checked(*parts: Any) -> dict[str, Any]:
        result = await call_potential_coroutine(method(*parts))
        if not isinstance(result, dict):
            raise ActionFailed(f"{name} returned no dict.")
        return result

    return checked


def _payload(call: ActionCall) -> dict[str, Any]:
    """Write the call as rasa_sdk reads it; the JSON round trip is the copy that keeps actions off our state."""
    tracker = json.loads(json.dumps(call.tracker))
    return {
        "next_action": call.name,
        "sender_id": tracker["sender_id"],
        "tracker": tracker,
        "domain": dict(call.domain),
        "domain_digest": call.digest,
        "version": rasa_sdk.__version__,
    }


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}" if trace else "an unknown place"


def package_actions(package: str = "flows.actions") -> tuple[Action, ...]:
    """Return the action instances that the package lists as ACTIONS."""
    return tuple(import_module(package).ACTIONS)


def known(actions: Iterable[Action]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the actions, and the slots that have a validate_<slot> method."""
    actions = tuple(actions)
    names = frozenset(action.name() for action in actions)
    methods = (name for action in actions if isinstance(action, ValidationAction) for name in dir(action))
    return names, frozenset(name.removeprefix(_VALIDATE) for name in methods if name.startswith(_VALIDATE))
