"""Sign in: the password first, then the second factor, each refusal alike and each slower than the one before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.accounts import FREE_TRIES, FREE_TRIES_HERE, Account, Session, pause
from bot.ports.staff import Note
from bot.service.come_in import Comer, Entrance, admitted
from bot.service.passphrases import fold, fold_code

DIGITS = 6  # of a one-time code; anything longer is a recovery code
NOBODY = "unknown"  # who knocks, as long as it is not shown


@dataclass(frozen=True, slots=True)
class Knock:
    """What a browser brings along: its address on the net, its token, its name, and the mark of an earlier visit."""

    address: str
    token: str = ""
    agent: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """Whoever came in, the browser's new token, and the mark by which the browser is known again."""

    comer: Comer
    token: str
    device: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in; with a `wait` nothing was looked at."""

    wait: timedelta = timedelta()


def with_password(entrance: Entrance, login: str, password: str, knock: Knock) -> Entered | Refused:
    """Look at name and password. Whether the name exists shows neither in the answer nor in the time it takes."""
    keys = _keys(entrance, login, knock)
    wait = _wait(entrance, keys)
    if wait:
        return Refused(wait)
    account = entrance.book.by_login(login)
    right = entrance.passwords.matches(account.password_hash if account else None, fold(password))
    if account is None or not admitted(entrance, account) or not right:
        return _refuse(entrance, keys, account.id if account else entrance.book.mark("login", login)[:32])
    if account.needs_second_factor or account.has_second_factor:
        return _let_in(entrance, account, knock, whole=False)
    entrance.book.let_in(*keys)
    return _let_in(entrance, account, knock, whole=True)


def with_code(entrance: Entrance, comer: Comer, code: str, knock: Knock) -> Entered | Refused:
    """Look at a one-time code or a recovery code; neither is good for a second time."""
    account = comer.account
    keys = _keys(entrance, account.login, knock)
    wait = _wait(entrance, keys)
    if wait:
        return Refused(wait)
    if not fits(entrance, account, code):
        return _refuse(entrance, keys, account.id)
    entrance.book.let_in(*keys)
    return _let_in(entrance, account, knock, whole=True)


def fits(entrance: Entrance, account: Account, code: str) -> bool:
    """Say whether a code is right, and use it up."""
    plain = fold_code(code)
    if len(plain) != DIGITS:
        return account.has_second_factor and _recovers(entrance, account, plain)
    step = entrance.codes.step(account.totp, plain, entrance.clock.now()) if account.totp else None
    return step is not None and entrance.book.use_step(account.id, step)


def _recovers(entrance: Entrance, account: Account, code: str) -> bool:
    """Use a recovery code up; the trail says so, for it may be somebody else who found the paper."""
    if not entrance.book.use_code(account.id, code):
        return False
    entrance.book.note(Note(account.id, "staff.recovery_code", account.id, entrance.clock.now()))
    return True


def enter(entrance: Entrance, account: Account, knock: Knock) -> Entered:
    """Give a whole session in place of the one the browser has, to somebody who has shown who they are."""
    entrance.book.let_in(*_keys(entrance, account.login, knock))
    return _let_in(entrance, account, knock, whole=True)


def _let_in(entrance: Entrance, account: Account, knock: Knock, *, whole: bool) -> Entered:
    now, token = entrance.clock.now(), entrance.token()
    session = Session(entrance.ids.new(), account.id, whole, now, now, knock.agent[:80])
    entrance.book.open_session(session, token, instead_of=knock.token)
    if whole:
        entrance.book.note(Note(account.id, "staff.sign_in", account.id, now))
    device = knock.device if _known_device(entrance, account.login, knock.device) else _mark(entrance, account.login)
    return Entered(Comer(account, session), token, device)


def _refuse(entrance: Entrance, keys: tuple[str, str], object_id: str) -> Refused:
    now = entrance.clock.now()
    entrance.book.refused(*keys, now=now)
    entrance.book.note(Note(NOBODY, "staff.refused", object_id, now))
    return Refused()


def _wait(entrance: Entrance, keys: tuple[str, str]) -> timedelta:
    """Return how long it is until the next try is looked at, for the account or for the address that knocks."""
    now = entrance.clock.now()
    found = zip(entrance.book.failures(*keys), (FREE_TRIES, FREE_TRIES_HERE), strict=True)
    return max(_left(one.last_at, pause(one.count, free), now) for one, free in found)


def _left(last: datetime | None, wanted: timedelta, now: datetime) -> timedelta:
    return max(last + wanted - now, timedelta()) if last else timedelta()


def _keys(entrance: Entrance, login: str, knock: Knock) -> tuple[str, str]:
    """Return under what refusals are counted.

    A browser in which the person has signed in before has a count of its own, so that a stranger who guesses
    elsewhere does not slow them down (OWASP, "device cookies").
    """
    own = _known_device(entrance, login, knock.device)
    return (f"device {knock.device}" if own else f"login {_plain(login)}", f"from {knock.address}")


def _known_device(entrance: Entrance, login: str, device: str) -> bool:
    chance, _, mark = device.partition(".")
    return bool(mark) and mark == entrance.book.mark("device", f"{chance} {_plain(login)}")


def _mark(entrance: Entrance, login: str) -> str:
    chance = entrance.ids.new()
    return f"{chance}.{entrance.book.mark('device', f'{chance} {_plain(login)}')}"


def _plain(login: str) -> str:
    return login.strip().lower()


def confirm_password(entrance: Entrance, account: Account, password: str, knock: Knock) -> Refused | None:
    """Ask somebody who is signed in for their password once more, counted like signing in; None: it is right."""
    keys = _keys(entrance, account.login, knock)
    wait = _wait(entrance, keys)
    if wait:
        return Refused(wait)
    if entrance.passwords.matches(account.password_hash, fold(password)):
        return None
    return _refuse(entrance, keys, account.id)
