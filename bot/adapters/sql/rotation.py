"""Exchange keys: tell whether they fit, seal again under the newest, hash again under a new index key."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, bindparam, delete, func, insert, select, update

from bot.adapters.crypto import Vault, WrongKey
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.sealed import SEALED
from bot.adapters.sql.search import SEARCHED, keys_of
from bot.adapters.sql.tables import address, contact_item, key_check, search_key
from bot.adapters.sql.tables_staff import staff

_BATCH = 500  # rows under one write lock: some ten milliseconds, so that people do not wait
_PROOF = "segin"
_REINDEX = "The look-up hashes stand under an older index key: stop the service and run `segin keys reindex`."
_FOREIGN = "SEGIN_INDEX_KEY (or index.key in the data folder) is not the key that this database was made with."


def check_keys(database: Database, vault: Vault) -> None:
    """Let a new database remember the keys, and compare them with an older one's.

    Raises WrongKey with what an operator has to do, or StorageAway.
    """
    stored = _stored(database)
    if not stored:
        with database.writing() as connection:
            _remember(connection, vault)
        stored = _stored(database)
    rows.opened(vault, key_check.c.value, stored["seal"], "seal")
    if stored["index"] == vault.index_marks[0]:
        return
    raise WrongKey(_REINDEX if stored["index"] in vault.index_marks else _FOREIGN)


def reseal(database: Database, vault: Vault) -> int:
    """Seal every text again that stands under an older key, a few rows at a time; return how many. Raises WrongKey."""
    done = sum(count for column, owner in SEALED.items() for count in _batches(database, vault, column, owner))
    with database.writing() as connection:
        if not connection.execute(select(key_check.c.name).limit(1)).scalar():
            _remember(connection, vault)
        seal = rows.sealed(vault, key_check.c.value, _PROOF, "seal")
        connection.execute(update(key_check).where(key_check.c.name == "seal").values(value=seal))
    return done


def rehash(database: Database, vault: Vault) -> int:
    """Make all look-up hashes anew under the newest index key, in one transaction; return how many addresses.

    Proofs of opt-outs and receipts cannot be made anew once the person is erased: older index keys stay in the
    setting (newest first) for their sake.
    """
    with database.writing() as connection:
        connection.execute(delete(search_key))
        addresses = list(connection.execute(select(address)))
        opened = [
            (row, rows.opened(vault, address.c.value, row.value, row.person_id, row.channel)) for row in addresses
        ]
        for row, value in opened:
            _rehash_address(connection, row, vault.hash("address", value))
        found = [(row.person_id, f"address {row.channel}", value) for row, value in opened]
        _rehash_staff(connection, vault)
        _reindex(connection, vault, [*found, *_searched(connection, vault)])
        connection.execute(delete(key_check).where(key_check.c.name == "index"))
        connection.execute(insert(key_check).values(name="index", value=vault.index_marks[0]))
    return len(addresses)


def _rehash_address(connection: Connection, row: Any, new: str) -> None:
    mine = (address.c.hash == row.hash) & (address.c.channel == row.channel)
    connection.execute(update(address).where(mine).values(hash=new))


def _rehash_staff(connection: Connection, vault: Vault) -> None:
    """Make the look-up hashes of staff's telephones anew; their sessions end with the older key."""
    for row in list(connection.execute(select(staff).where(staff.c.phone.is_not(None)))):
        number = rows.opened(vault, staff.c.phone, row.phone, row.id)
        new = vault.hash("staff phone", number)
        connection.execute(update(staff).where(staff.c.id == row.id).values(phone_hash=new))


def _searched(connection: Connection, vault: Vault) -> Iterator[tuple[str, str, str]]:
    for row in connection.execute(select(contact_item).where(contact_item.c.name.in_(SEARCHED))):
        yield row.person_id, row.name, rows.opened(vault, contact_item.c.value, row.value, row.person_id, row.name)


def _reindex(connection: Connection, vault: Vault, found: list[tuple[str, str, str]]) -> None:
    values = [
        {"person_id": person_id, "source": source, "hash": key}
        for person_id, source, value in found
        for key in keys_of(vault, value)
    ]
    if values:
        connection.execute(insert(search_key), values)


def _stored(database: Database) -> dict[str, bytes]:
    with database.reading() as connection:
        return {row.name: bytes(row.value) for row in connection.execute(select(key_check))}


def _remember(connection: Connection, vault: Vault) -> None:
    """Write the marks of the keys unless another process has just done so."""
    known = set(connection.execute(select(key_check.c.name).with_for_update()).scalars())
    marks = {"seal": rows.sealed(vault, key_check.c.value, _PROOF, "seal"), "index": vault.index_marks[0]}
    new = [{"name": name, "value": value} for name, value in marks.items() if name not in known]
    if new:
        connection.execute(insert(key_check), new)


def _batches(database: Database, vault: Vault, column: Column[Any], owner: tuple[str, ...]) -> Iterator[int]:
    while True:
        with database.writing() as connection:
            count = _batch(connection, vault, column, owner)
        if not count:
            return
        yield count


def _batch(connection: Connection, vault: Vault, column: Column[Any], owner: tuple[str, ...]) -> int:
    table = column.table
    keys = list(table.primary_key.columns)
    older = func.substr(column, 1, len(vault.newest), type_=LargeBinary) != vault.newest
    query = select(table).where(column.is_not(None), older).limit(_BATCH).with_for_update()
    found = list(connection.execute(query))
    if not found:
        return 0
    mine = [key == bindparam(f"the_{key.name}") for key in keys]
    change = update(table).where(*mine).values({column: bindparam("sealed")})
    connection.execute(
        change,
        [
            {f"the_{key.name}": getattr(row, key.name) for key in keys}
            | {"sealed": _again(vault, column, getattr(row, column.name), [str(getattr(row, name)) for name in owner])}
            for row in found
        ],
    )
    return len(found)


def _again(vault: Vault, column: Column[Any], value: bytes, owner: list[str]) -> bytes:
    return rows.sealed(vault, column, rows.opened(vault, column, value, *owner), *owner)
