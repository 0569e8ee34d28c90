"""Choose the telephone and the PIN with which somebody works by SMS."""

from bot.core.accounts import Account
from bot.ports.staff import LoginTaken, Note
from bot.service.come_in import Entrance
from bot.service.sign_in import Knock, Refused, confirm_password
from bot.service.staffing import BadAccount, read_phone

SHORTEST, LONGEST = 4, 8  # digits; a telephone is locked after a few wrong ones, so four are enough
RUNS = "01234567890 09876543210"


def choose_phone(entrance: Entrance, account: Account, typed: tuple[str, str, str], knock: Knock) -> Refused | None:
    """Keep telephone and PIN of `typed` (telephone, PIN, password); without a telephone both are removed.

    The PIN has to be shown from the telephone again. Raises BadAccount; None: done.
    """
    number, pin, password = typed
    phone = read_phone(number)
    if phone is not None:
        _check_pin(pin)
    refused = confirm_password(entrance, account, password, knock)
    if refused is not None:
        return refused
    kept = entrance.passwords.hash(pin.strip()) if phone else None
    changes = {"phone": phone, "pin_hash": kept, "pin_failed": 0, "phone_confirmed_at": None}
    try:
        entrance.book.change(account.id, changes, Note(account.id, "staff.phone", account.id, entrance.clock.now()))
    except LoginTaken as error:
        raise BadAccount("phone", "Ce téléphone est déjà celui d'un autre compte.") from error
    return None


def _check_pin(pin: str) -> None:
    plain = pin.strip()
    if not (plain.isascii() and plain.isdigit() and SHORTEST <= len(plain) <= LONGEST):
        raise BadAccount("pin", f"Le code PIN : de {SHORTEST} à {LONGEST} chiffres.")
    if len(set(plain)) == 1 or plain in RUNS:
        raise BadAccount("pin", "On devine ce code tout de suite : prenez d'autres chiffres.")
