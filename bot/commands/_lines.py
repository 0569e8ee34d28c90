"""The commands that read one message a line and write one object a line, whatever the line holds."""

import io
import json
import sys
from collections.abc import Mapping
from typing import Any

# str.splitlines and others end a line at these, too; JSON need not escape them.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def speak_utf8() -> None:
    """Read and write UTF-8 whatever the terminal's locale is; bytes that are none become U+FFFD."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def as_line(told: Mapping[str, Any]) -> str:
    """Write an object as JSON on one line."""
    return json.dumps(told, ensure_ascii=False).translate(_LINE_ENDS)
