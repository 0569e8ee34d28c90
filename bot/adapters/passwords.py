"""Argon2 for passwords and PINs, and one-time codes of six digits."""

import hmac
import secrets
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_SECONDS = 30  # one code's time
_DRIFT = 1  # steps that a telephone's clock may be off, each way (RFC 6238, 5.2)


class Argon2:
    """Argon2id with the least that OWASP asks for: 19 MiB, two rounds: four threads of a small server may do it."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

    def hash(self, password: str) -> str:
        """Return what to keep of a password."""
        return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Say whether a password is the one; without a kept hash it takes the same time and says no."""
        try:
            return self._hasher.verify(kept or _nobody(), password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    """Return a hash that no password opens, made once a process."""
    return Argon2().hash(secrets.token_hex())


class Totp:
    """Time-based codes (RFC 6238) as every authenticator application makes them."""

    def new_secret(self) -> str:
        """Return a fresh secret: 160 bits in base 32."""
        return pyotp.random_base32()

    def step(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the time step that a code belongs to, or None when it is wrong or too old."""
        steps = int(now.timestamp()) // _SECONDS
        codes = pyotp.TOTP(secret, interval=_SECONDS)
        near = range(steps - _DRIFT, steps + _DRIFT + 1)
        fits = [one for one in near if hmac.compare_digest(codes.at(one * _SECONDS).encode(), code.encode())]
        return fits[0] if fits else None

    def address(self, secret: str, login: str) -> str:
        """Return the otpauth:// address that an authenticator application reads."""
        return pyotp.TOTP(secret, interval=_SECONDS).provisioning_uri(name=login, issuer_name="Segin")
