"""Seal what is personal, and hash what it has to be found by."""

import hmac
import os
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.adapters.keys import Keys

_ID = 4  # bytes: which key sealed it
_NONCE = 12  # bytes, random (NIST SP 800-38D)


class WrongKey(Exception):
    """Stored data cannot be opened with the keys at hand."""


def key_id(key: bytes) -> bytes:
    """Return the short name of a key that stands before everything it sealed."""
    return sha256(b"segin key id" + key).digest()[:_ID]


class Vault:
    """The keys at work: AES-GCM under the newest encryption key, HMAC-SHA256 under the newest index key."""

    def __init__(self, keys: Keys) -> None:
        self._index = keys.index
        self._ciphers = {key_id(key): AESGCM(key) for key in reversed(keys.encryption)}
        self.newest = key_id(keys.encryption[0])
        self._cipher = self._ciphers[self.newest]

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt a text and bind it to `context` ("table.column:row"); 32 bytes longer than the text."""
        nonce = os.urandom(_NONCE)
        return self.newest + nonce + self._cipher.encrypt(nonce, text.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """Decrypt a text. Raises WrongKey when its key is missing, or when it was changed or moved."""
        cipher = self._ciphers.get(sealed[:_ID])
        if cipher is None:
            msg = (
                f"{context.partition(':')[0]} was sealed with a key that is not at hand; "
                "put the older keys back into SEGIN_SECRET_KEYS or the data folder's secret.keys."
            )
            raise WrongKey(msg)
        nonce = sealed[_ID : _ID + _NONCE]
        try:
            return cipher.decrypt(nonce, sealed[_ID + _NONCE :], context.encode()).decode()
        except InvalidTag:
            msg = f"{context} does not open: it was changed in the database or moved there from another row."
            raise WrongKey(msg) from None

    def hash(self, kind: str, value: str) -> str:
        """Return the look-up hash of a value under the newest index key, different for each kind (64 hex digits)."""
        return _hashed(self._index[0], kind, value)

    def hashes(self, kind: str, value: str) -> tuple[str, ...]:
        """Return the look-up hashes under all index keys: proofs of the erased cannot be hashed anew."""
        return tuple(_hashed(key, kind, value) for key in self._index)

    @cached_property
    def index_marks(self) -> tuple[bytes, ...]:
        """Return a mark for each index key by which storage remembers under which one it stands."""
        return tuple(hmac.digest(key, b"segin index mark", "sha256") for key in self._index)


def _hashed(key: bytes, kind: str, value: str) -> str:
    return hmac.digest(key, f"{kind}:{value}".encode(), "sha256").hex()
