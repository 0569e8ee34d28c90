"""Recorded bodies of requests, read as a provider sends them."""

from pathlib import Path
from urllib.parse import parse_qsl

FOLDER = Path(__file__).with_name("payloads")


def body(name: str) -> str:
    """Return a recorded body, its lines joined by "&"."""
    return "&".join((FOLDER / f"{name}.txt").read_text(encoding="utf-8").split())


def form(name: str) -> dict[str, str]:
    """Return a recorded body's fields."""
    return dict(parse_qsl(body(name), keep_blank_values=True))
