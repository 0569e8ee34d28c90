"""Where the encryption keys and the key of the look-up hashes come from."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRETS_FILE = "secret.keys"
INDEX_FILE = "index.key"
SHORTEST = 32  # characters; 32 of hex are 128 bits


class BadKeys(ValueError):
    """The keys cannot be used as they are; the text says what to do."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Encryption keys and index keys, each 32 bytes, newest first; the newest is used, the older ones still read."""

    encryption: tuple[bytes, ...]
    index: tuple[bytes, ...]


def load_or_create(data_dir: Path, secret_keys: str | None = None, index_key: str | None = None) -> Keys:
    """Return the keys from the settings, or from the data folder, where they are generated on the first start.

    Raises BadKeys with a sentence when a key is too short or its file can be read by others.
    """
    return Keys(
        encryption=_derived(secret_keys or _file(data_dir / SECRETS_FILE), "SEGIN_SECRET_KEYS", purpose=b"seal"),
        index=_derived(index_key or _file(data_dir / INDEX_FILE), "SEGIN_INDEX_KEY", purpose=b"index"),
    )


def fresh() -> str:
    """Make a new key: 32 random bytes, written in 43 characters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def add_newest(path: Path) -> None:
    """Put a new key before the older ones in a key file; the file is exchanged in one step."""
    older = _file(path)
    draft = _draft(path, f"{fresh()}\n{older.strip()}\n")
    draft.replace(path)


def _file(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        msg = f"The key file {path} can be read by others; run `chmod 600 {path}`, and think about who has read it."
        raise BadKeys(msg)
    return path.read_text("ascii").strip()


def _create(path: Path) -> None:
    """Make the file appear whole and once, also when several processes start at the same moment."""
    draft = _draft(path, fresh() + "\n")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first: its key counts
    finally:
        draft.unlink()


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    return draft


def _derived(text: str, name: str, *, purpose: bytes) -> tuple[bytes, ...]:
    written = text.replace(",", " ").split()
    if not written or any(len(key) < SHORTEST for key in written):
        msg = (
            f"{name} must hold keys of at least {SHORTEST} characters, separated by commas; `segin keys new` makes one."
        )
        raise BadKeys(msg)
    return tuple(HKDF(SHA256(), 32, salt=None, info=b"segin " + purpose).derive(key.encode()) for key in written)
