"""What a conversation can do: rasa_sdk Actions, one module a topic, pure: tracker in, events and effects out.

A topic module lists its instances as `ACTIONS`; this package puts them together. `python -m rasa_sdk --actions
flows.actions` finds the same classes and makes them without arguments.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from rasa_sdk import Action

_TOPICS = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
ACTIONS: Final[tuple[Action, ...]] = tuple(action for topic in _TOPICS for action in getattr(topic, "ACTIONS", ()))
