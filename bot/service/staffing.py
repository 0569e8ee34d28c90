"""What an administrator does with accounts: add, change, reset, close."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.accounts import Account, Sex, is_demo
from bot.core.messages import Address, Language
from bot.core.phones import parse
from bot.core.staff import Role
from bot.ports.staff import LoginTaken, Note
from bot.service.accounts import LETTERS
from bot.service.come_in import Entrance
from bot.service.free_cases import free_cases
from bot.service.ports import Ports

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
NAME = range(2, 129)  # characters
GROUPS, EACH = 4, 5  # letters of a first password: 100 bits, and long enough for the rule of passwords


class BadAccount(ValueError):
    """An account cannot be as it was asked for; `field` is the entry of the form, the text says why, in French."""

    def __init__(self, entry: str, why: str) -> None:
        super().__init__(why)
        self.field = entry


@dataclass(frozen=True, slots=True)
class Asked:
    """What an administrator typed about somebody."""

    login: str
    name: str
    roles: frozenset[Role]
    partner: str = ""
    languages: tuple[Language, ...] = ("fr",)
    sex: Sex | None = None
    phone: str = field(default="", repr=False)


def add_staff(entrance: Entrance, asked: Asked, *, by: str) -> tuple[Account, str]:
    """Make an account; return it with its first password, which is shown once and has to be changed at once.

    Raises BadAccount.
    """
    fields, password, now = _checked(asked), _password(entrance), entrance.clock.now()
    login = asked.login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise BadAccount("login", "Le nom de connexion : de 2 à 64 lettres sans accent, chiffres, points ou tirets.")
    if is_demo(login):
        raise BadAccount("login", "Les noms qui commencent par « demo. » sont ceux d'une démonstration.")
    account = Account(
        id=entrance.ids.new(),
        login=login,
        created_at=now,
        password_hash=entrance.passwords.hash(password),
        must_change_password=True,
        **fields,
    )
    try:
        entrance.book.add(account, Note(by, "staff.add", account.id, now, ", ".join(sorted(asked.roles))))
    except LoginTaken as error:
        raise BadAccount("login", "Ce nom de connexion ou ce téléphone est déjà pris.") from error
    return account, password


def change_staff(entrance: Entrance, ports: Ports, account: Account, asked: Asked, *, by: str) -> None:
    """Change name, roles, partner, languages, sex and telephone. Raises BadAccount.

    Cases that they may not have in hand any more are freed. Nobody gives themselves other roles, as long as there is
    another administrator to do it.
    """
    fields = _checked(asked)
    if by == account.id and asked.roles != account.roles and _another_runs_it(entrance, account):
        raise BadAccount("roles", "Vos propres rôles : un autre administrateur doit les changer.")
    _keep_an_administrator(entrance, account, replace(account, roles=asked.roles))
    new_phone = fields["phone"] != account.phone
    if new_phone:  # whoever has the new one has to show the PIN again
        fields |= {"phone_confirmed_at": None, "pin_hash": None, "pin_failed": 0}
    changed = ", ".join(sorted(name for name, value in fields.items() if getattr(account, name) != value))
    if not changed:
        return
    try:
        entrance.book.change(account.id, fields, Note(by, "staff.change", account.id, entrance.clock.now(), changed))
    except LoginTaken as error:
        raise BadAccount("phone", "Ce téléphone est déjà celui d'un autre compte.") from error
    free_cases(ports, replace(account, roles=fields["roles"], partner=fields["partner"]), by=by)


def reset_staff(entrance: Entrance, account: Account, *, by: str) -> str:
    """Take back password, second factor and sessions; return the new first password, which is shown once."""
    password = _password(entrance)
    changes = {
        "password_hash": entrance.passwords.hash(password),
        "must_change_password": True,
        "totp": None,
        "totp_confirmed_at": None,
    }
    entrance.book.change(account.id, changes, Note(by, "staff.reset", account.id, entrance.clock.now()))
    entrance.book.keep_codes(account.id, ())
    entrance.book.end_sessions(account.id)
    entrance.book.let_in(f"login {account.login}")
    return password


def set_active(entrance: Entrance, ports: Ports, account: Account, *, active: bool, by: str) -> None:
    """Close an account, which ends its sessions at once and frees its cases, or open it again. Raises BadAccount."""
    _keep_an_administrator(entrance, account, replace(account, active=active))
    action = "staff.activate" if active else "staff.deactivate"
    entrance.book.change(account.id, {"active": active}, Note(by, action, account.id, entrance.clock.now()))
    if not active:
        entrance.book.end_sessions(account.id)
        free_cases(ports, replace(account, active=False), by=by)


def _checked(asked: Asked) -> dict[str, Any]:
    """Return the fields of an account that an administrator sets. Raises BadAccount."""
    name = " ".join(asked.name.split())
    if len(name) not in NAME:
        raise BadAccount("name", f"Le nom : de {NAME[0]} à {NAME[-1]} caractères.")
    if not asked.roles:
        raise BadAccount("roles", "Donnez au moins un rôle.")
    if "partner" in asked.roles and (not asked.partner or len(asked.roles) > 1):
        raise BadAccount("roles", "Un compte de partenaire a ce rôle seul, et une organisation.")
    return {
        "name": name,
        "roles": asked.roles,
        "partner": asked.partner if "partner" in asked.roles else None,
        "languages": asked.languages,
        "sex": asked.sex,
        "phone": read_phone(asked.phone),
    }


def read_phone(typed: str) -> Address | None:
    """Read a telephone number of staff, None when there is none. Raises BadAccount."""
    if not typed.strip():
        return None
    phone = parse(typed)
    if phone is None:
        raise BadAccount("phone", "Ce n'est pas un numéro de téléphone : écrivez par exemple 76 00 00 02.")
    return Address("sms", phone.e164)


def _keep_an_administrator(entrance: Entrance, account: Account, after: Account) -> None:
    """Refuse to leave nobody who could let others in. Raises BadAccount."""
    if not _runs_it(account) or _runs_it(after):
        return
    if not _another_runs_it(entrance, account):
        raise BadAccount("roles", "C'est le dernier administrateur : nommez-en un autre d'abord.")


def _another_runs_it(entrance: Entrance, account: Account) -> bool:
    return any(_runs_it(other) for other in entrance.book.all() if other.id != account.id)


def _runs_it(account: Account) -> bool:
    return account.active and "administrator" in account.roles


def _password(entrance: Entrance) -> str:
    return "-".join("".join(LETTERS[entrance.ids.number(32)] for _ in range(EACH)) for _ in range(GROUPS))
