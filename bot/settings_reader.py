"""Reads settings one by one and collects what is wrong with them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


class ConfigError(Exception):
    """Settings that cannot work; each problem is one sentence that names the setting."""

    def __init__(self, *problems: str) -> None:
        """Keep every problem, so that an operator mends them in one go."""
        super().__init__("\n".join(problems))
        self.problems = problems


class Reader:
    """Reads settings one by one and collects what is wrong with them. `names` are those asked for so far."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Read from `environ`; any X may also be given as a file named in X_FILE."""
        self._environ = environ
        self.names: list[str] = []
        self.problems: list[str] = []

    def text(self, name: str) -> str | None:
        """Return the value of a setting, or None when it is unset or empty."""
        self.names.append(name)
        value, path = self._environ.get(name, "").strip(), self._environ.get(f"{name}_FILE", "").strip()
        if value and path:
            self.problems.append(f"{name} and {name}_FILE are both set: keep one of them.")
        return value or (self._from_file(name, path) if path else None)

    def _from_file(self, name: str, path: str) -> str | None:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE cannot be read ({type(error).__name__}): give the path of a text file.")
            return None
        if not value:
            self.problems.append(f"{name}_FILE names an empty file: write the value into it.")
        return value or None

    def parsed(self, name: str, default: T, parse: Callable[[str], T], expected: str) -> T:
        """Return the parsed value; `parse` raises ValueError for what is not `expected`."""
        value = self.text(name)
        if value is None:
            return default
        try:
            return parse(value)
        except ValueError:
            self.problems.append(f"{name} must be {expected}.")
            return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return whether a switch is on."""
        return self.parsed(name, default, _flag, "1 or 0")

    def together(self, what: str, needed: tuple[str, ...], others: tuple[str, ...] = ()) -> dict[str, str]:
        """Return the values of an integration, {} when nothing of it is set; a half of it is a problem."""
        found = {name: value for name in (*needed, *others) if (value := self.text(name))}
        missing = [name for name in needed if name not in found]
        if not found or not missing:
            return found
        self.problems.append(
            f"{what} is half configured: {', '.join(found)} is set, but {', '.join(missing)} is missing; "
            "set all of them or none."
        )
        return {}


def _flag(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in words:
        raise ValueError
    return words[value.lower()]


def web_address(value: str) -> str:
    """Return an http:// or https:// address without a slash at the end. Raises ValueError."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return value.rstrip("/")
