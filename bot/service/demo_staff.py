"""Staff of a demonstration: one for each kind of work, let in by one click; an installation for people refuses them."""

from bot.core.accounts import Account, is_demo
from bot.core.messages import Address
from bot.core.staff import Role
from bot.ports.staff import Note
from bot.service.come_in import Entrance
from bot.service.sign_in import Entered, Knock, enter

PASSWORD = "segin demo segin demo"  # noqa: S105 - printed for everybody; only `Mon compte` asks for it
PIN = "2580"  # of their invented telephones, on which the phone simulator works
PEOPLE: dict[str, tuple[str, frozenset[Role]]] = {
    "demo.awa": ("Awa Diarra", frozenset({"caseworker"})),
    "demo.moussa": ("Moussa Keita", frozenset({"supervisor", "caseworker", "broadcaster"})),
    "demo.fatou": ("Fatou Sangaré", frozenset({"focal_point"})),
    "demo.ibrahim": ("Ibrahim Cissé", frozenset({"administrator", "reviewer", "broadcaster"})),
    "demo.partenaire": ("Mariam Touré", frozenset({"partner"})),
}
PHONES = {"demo.awa": "+22376009091", "demo.moussa": "+22376009092", "demo.fatou": "+22376009093"}


def seed_staff(entrance: Entrance, partner: str) -> None:
    """Make the staff of a demonstration unless somebody is there; `partner`: whose account the partner's is."""
    if entrance.book.all():
        return
    now, kept, pin = entrance.clock.now(), entrance.passwords.hash(PASSWORD), entrance.passwords.hash(PIN)
    for login, (name, roles) in PEOPLE.items():
        account = Account(
            id=entrance.ids.new(),
            login=login,
            name=name,
            roles=roles,
            created_at=now,
            password_hash=kept,
            partner=partner if "partner" in roles else None,
            languages=("fr", "bm"),
            phone=Address("sms", PHONES[login]) if login in PHONES else None,
            pin_hash=pin if login in PHONES else None,
            sex="m" if login in {"demo.moussa", "demo.ibrahim"} else "f",
            totp=entrance.codes.new_secret(),
            totp_confirmed_at=now,
        )
        entrance.book.add(account, Note("demo", "staff.add", account.id, now))


def demo_people(entrance: Entrance) -> tuple[Account, ...]:
    """Return who may be let in by one click: nobody outside a demonstration."""
    if not entrance.demo:
        return ()
    return tuple(account for account in entrance.book.all() if is_demo(account.login) and account.active)


def enter_demo(entrance: Entrance, login: str, knock: Knock) -> Entered | None:
    """Let somebody of a demonstration in; None for anybody else, and everywhere else."""
    account = next((one for one in demo_people(entrance) if one.login == login), None)
    return enter(entrance, account, knock) if account else None
