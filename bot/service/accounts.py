"""Keep accounts: new ones, passwords, the second factor, roles, and who may no longer come in."""

from bot.core.accounts import Account
from bot.ports.staff import Note
from bot.service.come_in import Comer, Entrance
from bot.service.passphrases import BadPassword, check_password, fold
from bot.service.sign_in import Entered, Knock, Refused, confirm_password, enter, fits

CODES = 10  # recovery codes: enough for years of lost telephones
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 without l, o, 0 and 1, which are taken for one another
LENGTH = 10  # characters: 50 bits


def secret_of(entrance: Entrance, account: Account) -> str:
    """Return the secret that somebody is setting up, a new one at their first visit."""
    if account.totp is not None:
        return account.totp
    secret = entrance.codes.new_secret()
    entrance.book.change(account.id, {"totp": secret})
    return secret


def confirm_second_factor(
    entrance: Entrance, account: Account, code: str, knock: Knock
) -> tuple[Entered, tuple[str, ...]] | Refused:
    """Take the first code as proof that the secret has arrived; return the recovery codes, which are shown once."""
    if not fits(entrance, account, code):
        return Refused()
    now = entrance.clock.now()
    note = Note(account.id, "staff.second_factor", account.id, now)
    entrance.book.change(account.id, {"totp_confirmed_at": now}, note)
    codes = new_codes(entrance, account)
    fresh = entrance.book.by_id(account.id) or account
    return enter(entrance, fresh, knock), codes


def new_codes(entrance: Entrance, account: Account) -> tuple[str, ...]:
    """Return fresh recovery codes, in place of the earlier ones."""
    codes = tuple("".join(LETTERS[entrance.ids.number(32)] for _ in range(LENGTH)) for _ in range(CODES))
    entrance.book.keep_codes(account.id, codes)
    return codes


def change_password(entrance: Entrance, comer: Comer, old: str, new: str, knock: Knock) -> Refused | None:
    """Exchange one's own password and end every other session. Raises BadPassword; None: done."""
    account = comer.account
    refused = confirm_password(entrance, account, old, knock)
    if refused is not None:
        return refused
    if fold(old) == fold(new):
        raise BadPassword("C'est le même mot de passe que l'ancien : prenez-en un autre.")
    kept = entrance.passwords.hash(check_password(new, account.login, account.name))
    note = Note(account.id, "staff.password", account.id, entrance.clock.now())
    entrance.book.change(account.id, {"password_hash": kept, "must_change_password": False}, note)
    entrance.book.end_sessions(account.id, but=comer.session.id)
    return None
