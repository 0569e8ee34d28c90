"""Staff of a demonstration: one for each kind of work, let in by one click; an installation for people refuses them."""

from bot.core.accounts import Account, is_demo
from bot.core.staff import Role
from bot.ports.staff import Note
from bot.service.come_in import Entrance
from bot.service.sign_in import Entered, Knock, enter

PASSWORD = "segin demo segin demo"  # noqa: S105 - printed for everybody; only `Mon compte` asks for it
PEOPLE: dict[str, tuple[str, frozenset[Role]]] = {
    "demo.awa": ("Awa Diarra", frozenset({"caseworker"})),
    "demo.moussa": ("Moussa Keita", frozenset({"supervisor", "caseworker", "broadcaster"})),
    "demo.fatou": ("Fatou Sangaré", frozenset({"focal_point"})),
    "demo.ibrahim": ("Ibrahim Cissé", frozenset({"administrator", "reviewer"})),
    "demo.partenaire": ("Mariam Touré", frozenset({"partner"})),
}


def seed_staff(entrance: Entrance, partner: str) -> None:
    """Make the staff of a demonstration unless somebody is there; `partner`: whose account the partner's is."""
    if entrance.book.all():
        return
    now, kept = entrance.clock.now(), entrance.passwords.hash(PASSWORD)
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
