"""Keeps accounts of staff and their sessions."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import audit
from bot.adapters.sql.tables_staff import recovery_code, sign_in_failure, staff, staff_session
from bot.core.accounts import LONGEST, Account, Session
from bot.core.messages import Address
from bot.ports.staff import Failures, LoginTaken, Note

_FAILURES_KEPT = timedelta(days=1)


class SqlStaff:
    """Fulfils StaffBook in the database of everything else."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def by_id(self, staff_id: str) -> Account | None:
        """Find an account by its id."""
        return next(self._found(staff.c.id == staff_id), None)

    def by_login(self, login: str) -> Account | None:
        """Find an account by the name it signs in with, however it was written."""
        return next(self._found(staff.c.login == login.strip().lower()), None)

    def by_phone(self, number: str) -> Account | None:
        """Find the account with this telephone (E.164)."""
        return next(self._found(staff.c.phone_hash == self._vault.hash("staff phone", number)), None)

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""
        return tuple(self._found())

    def add(self, account: Account, note: Note) -> None:
        """Keep a new account. Raises LoginTaken."""
        values = {name: getattr(account, name) for name in account.__dataclass_fields__ if name != "id"}
        with self._writing() as connection:
            connection.execute(insert(staff).values(id=account.id, **self._columns(account.id, values)))
            append(connection, note)

    def change(self, staff_id: str, changes: Mapping[str, Any], note: Note | None = None) -> None:
        """Change fields of an account, named and typed as in Account. Raises LoginTaken."""
        with self._writing() as connection:
            change = update(staff).where(staff.c.id == staff_id).values(self._columns(staff_id, changes))
            connection.execute(change)
            if note is not None:
                append(connection, note)

    def use_step(self, staff_id: str, step: int) -> bool:
        """Mark a time step of the second factor as used; False when it or a later one was used before."""
        later = update(staff).where(staff.c.id == staff_id, staff.c.totp_step < step).values(totp_step=step)
        with self._database.writing() as connection:
            return connection.execute(later).rowcount == 1

    def keep_codes(self, staff_id: str, codes: Iterable[str]) -> None:
        """Keep recovery codes (by hash) in place of the earlier ones."""
        new = [{"staff_id": staff_id, "hash": self._vault.hash("recovery code", code)} for code in codes]
        with self._database.writing() as connection:
            connection.execute(delete(recovery_code).where(recovery_code.c.staff_id == staff_id))
            if new:
                connection.execute(insert(recovery_code), new)

    def use_code(self, staff_id: str, code: str) -> bool:
        """Use a recovery code up; False when there is no such code."""
        fits = recovery_code.c.hash.in_(self._vault.hashes("recovery code", code))
        with self._database.writing() as connection:
            mine = delete(recovery_code).where(recovery_code.c.staff_id == staff_id, fits)
            return connection.execute(mine).rowcount == 1

    def codes_left(self, staff_id: str) -> int:
        """Return how many recovery codes are unused."""
        mine = select(func.count()).select_from(recovery_code).where(recovery_code.c.staff_id == staff_id)
        with self._database.reading() as connection:
            return connection.execute(mine).scalar_one()

    def open_session(self, session: Session, token: str, *, instead_of: str = "") -> None:
        """Keep a session under its token's hash; the session `instead_of` (by token) ends at the same moment."""
        too_old = staff_session.c.created_at <= session.created_at - LONGEST
        earlier = staff_session.c.hash == self._token(instead_of)
        with self._database.writing() as connection:
            connection.execute(delete(staff_session).where(too_old | earlier))
            connection.execute(insert(staff_session).values(hash=self._token(token), **asdict(session)))

    def session(self, token: str) -> Session | None:
        """Find a session by the token in the cookie."""
        with self._database.reading() as connection:
            query = select(staff_session).where(staff_session.c.hash == self._token(token))
            row = connection.execute(query).one_or_none()
        return None if row is None else _session(row)

    def seen(self, session_id: str, now: datetime) -> None:
        """Note that somebody works in a session."""
        with self._database.writing() as connection:
            connection.execute(update(staff_session).where(staff_session.c.id == session_id).values(seen_at=now))

    def sessions(self, staff_id: str) -> tuple[Session, ...]:
        """Return where somebody is signed in, newest first."""
        mine = select(staff_session).where(staff_session.c.staff_id == staff_id)
        with self._database.reading() as connection:
            return tuple(_session(row) for row in connection.execute(mine.order_by(staff_session.c.created_at.desc())))

    def end_sessions(self, staff_id: str, *, only: str = "", but: str = "") -> int:
        """End somebody's sessions: all, `only` one, or all `but` one (by id); return how many."""
        mine = delete(staff_session).where(staff_session.c.staff_id == staff_id, staff_session.c.id != but)
        with self._database.writing() as connection:
            return connection.execute(mine.where(staff_session.c.id == only) if only else mine).rowcount

    def failures(self, *keys: str) -> tuple[Failures, ...]:
        """Return how often each key was refused."""
        hashes = [self.mark("sign in", key) for key in keys]
        with self._database.reading() as connection:
            found = connection.execute(select(sign_in_failure).where(sign_in_failure.c.hash.in_(hashes)))
            known = {key: Failures(count, last_at) for key, count, last_at in found}
        return tuple(known.get(one, Failures()) for one in hashes)

    def refused(self, *keys: str, now: datetime) -> None:
        """Count a refusal for each key; what is a day old is forgotten."""
        with self._database.writing() as connection:
            old = sign_in_failure.c.last_at <= now - _FAILURES_KEPT
            connection.execute(delete(sign_in_failure).where(old))
            for key in sorted(keys):
                self._count(connection, self.mark("sign in", key), now)

    def let_in(self, *keys: str) -> None:
        """Forget refusals."""
        hashes = [self.mark("sign in", key) for key in keys]
        with self._database.writing() as connection:
            connection.execute(delete(sign_in_failure).where(sign_in_failure.c.hash.in_(hashes)))

    def mark(self, kind: str, text: str) -> str:
        """Return a hash that only this installation can make, to recognise something by that it gave out."""
        return self._vault.hash(kind, text)

    def note(self, note: Note) -> None:
        """Append a line to the audit trail."""
        with self._database.writing() as connection:
            append(connection, note)

    def _count(self, connection: Connection, key: str, now: datetime) -> None:
        insert_into = sqlite_insert if self._database.is_sqlite else postgresql_insert
        first = insert_into(sign_in_failure).values(hash=key, count=1, last_at=now)
        more = {"count": sign_in_failure.c.count + 1, "last_at": now}
        connection.execute(first.on_conflict_do_update(index_elements=["hash"], set_=more))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._database.writing() as connection:
                yield connection
        except IntegrityError as error:
            raise LoginTaken from error

    def _token(self, token: str) -> str:
        return self._vault.hash("session", token)

    def _found(self, *conditions: Any) -> Iterator[Account]:
        with self._database.reading() as connection:
            found = connection.execute(select(staff).where(*conditions).order_by(staff.c.name, staff.c.id)).all()
        return (self._account(row) for row in found)

    def _account(self, row: Row[Any]) -> Account:
        values = {name: getattr(row, name) for name in Account.__dataclass_fields__}
        opened = {
            name: rows.opened(self._vault, staff.c[name], values[name], row.id) or None
            for name in ("phone", "email", "totp")
        }
        phone = Address("sms", opened["phone"]) if opened["phone"] else None
        lists = {"roles": frozenset(row.roles), "languages": tuple(row.languages)}
        return Account(**{**values, **opened, **lists, "phone": phone})

    def _columns(self, staff_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return columns as they are stored, the personal ones sealed."""
        columns = dict(changes)
        if "phone" in changes:
            number = changes["phone"].reveal() if changes["phone"] else None
            columns |= {"phone": number, "phone_hash": number and self._vault.hash("staff phone", number)}
        if "login" in changes:
            columns["login"] = changes["login"].strip().lower()
        columns |= {name: sorted(changes[name]) for name in ("roles", "languages") if name in changes}
        sealed = {name: columns[name] for name in ("phone", "email", "totp") if columns.get(name)}
        return columns | {n: rows.sealed(self._vault, staff.c[n], text, staff_id) for n, text in sealed.items()}


def append(connection: Connection, note: Note) -> None:
    """Write a line of the audit trail within a transaction."""
    values = {"at": note.at, "actor": note.by, "action": note.action, "object_id": note.object_id}
    connection.execute(insert(audit).values({**values, "detail": note.detail[:255]}))


def _session(row: Row[Any]) -> Session:
    return Session(**{name: getattr(row, name) for name in Session.__dataclass_fields__})
