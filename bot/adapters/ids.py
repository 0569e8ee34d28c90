"""The one source of chance."""

import secrets
import uuid


class RandomIds:
    """Ids that nobody can guess, from the operating system's randomness."""

    def new(self) -> str:
        """Return a fresh row id: a version 4 UUID as 32 hexadecimal digits."""
        return uuid.uuid4().hex

    def number(self, below: int) -> int:
        """Return a random number from 0 to below - 1."""
        return secrets.randbelow(below)
