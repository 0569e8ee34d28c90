"""Holds every scripted talk and writes what was really said back into its file; read the difference afterwards."""

import sys
import tempfile
from pathlib import Path

from bot.adapters.crypto import Vault
from bot.adapters.ids import RandomIds
from bot.adapters.keys import Keys
from bot.adapters.queue import SilentWake
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.bootstrap import think
from bot.config import read_settings
from bot.service.ports import Ports
from bot.simulator import StoppedClock
from tests.servers import sqlite_databases
from tests.talks import FOLDER, Conversation, read_talks, write_talks


def main() -> int:
    """Rewrite all files, or those named; print what a talk expects and did not get."""
    brain = think(read_settings({"SEGIN_MODE": "demo"}))
    keys, faults = Keys(encryption=(b"e" * 32,), index=(b"i" * 32,)), 0
    paths = [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.yml"))
    with tempfile.TemporaryDirectory() as folder:
        databases = sqlite_databases(Path(folder))
        for path in paths:
            held = []
            for talk in read_talks(path):
                database = Database(databases.fresh())
                ports = Ports(SqlStore(database, Vault(keys)), StoppedClock(talk.at), RandomIds(), SilentWake())
                held.append((talk, Conversation(talk, brain, ports).hold()))
                database.close()
            write_talks(path, held)
            for talk, one in held:
                wrong = [fault for fault in one.faults if not fault.startswith("said ")]
                faults += len(wrong)
                for fault in wrong:
                    print(f"{path.name}, {talk.title}: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
