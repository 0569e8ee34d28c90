"""What a password has to be: long and not to be guessed, and nothing else (NIST SP 800-63B-4, 3.1.1.2)."""

import unicodedata

SHORTEST = 15  # characters, also beside a second factor: roles change, and a sentence is easy to keep in mind
LONGEST = 256  # far more than a sentence; what is longer is refused and never cut
_GUESSABLE = 2  # of 4: fewer than a hundred million guesses
_LOOKED_AT = 72  # characters that the estimate reads: it is slow, and more cannot make it worse


class BadPassword(ValueError):
    """A new password cannot be taken; the text says why, in French for the page."""


def fold(password: str) -> str:
    """Return a password in the one form of Unicode that is hashed: keyboards write é in two ways."""
    return unicodedata.normalize("NFKC", password)


def fold_code(code: str) -> str:
    """Return a code without what people put between its characters."""
    return "".join(c for c in code.strip().lower() if c.isascii() and c.isalnum())


def check_password(password: str, *about: str) -> str:
    """Return a new password as it is to be hashed; `about`: words that it must not be made of. Raises BadPassword."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists take 14 MB: only a process in which a password is chosen

    folded = fold(password)
    if len(folded) < SHORTEST:
        raise BadPassword(f"Il faut au moins {SHORTEST} caractères : par exemple quatre ou cinq mots.")
    if len(folded) > LONGEST:
        raise BadPassword(f"Il faut au plus {LONGEST} caractères.")
    if zxcvbn(folded[:_LOOKED_AT], user_inputs=["segin", *about])["score"] <= _GUESSABLE:
        raise BadPassword("On le devine trop vite : prenez des mots qui n'ont rien à voir entre eux ni avec vous.")
    return folded
