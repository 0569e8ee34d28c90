"""The team's side of a scripted talk: caseworkers with telephones of their own, on duty or not.

- talk: …
  team: {oumou: main, sekou: substitute, fanta: supervisor, nene: none}   # people of tests/duty/team.py, and their duty
  steps:
    - person: il va me tuer
    - oumou reads: "Segin: cas urgent …"       # what arrives on her telephone; `make talks` rewrites these too
    - oumou: PRENDS 12                         # what she writes
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast, get_args

from bot.adapters.sql.store import SqlStore
from bot.core.duty import DutyRole
from bot.core.messages import Status
from bot.ports import OutgoingRow
from bot.service.escalate import Alarm, escalate
from bot.service.forward_to_phones import forward_to_phones
from bot.simulator import PROVIDER, Phone
from tests.duty.team import PEOPLE, add_people, on_duty

READS = " reads"


class Team:
    """Caseworkers around one person's telephone."""

    def __init__(self, team: Mapping[str, str], phone: Phone) -> None:
        self.logins = tuple(team)
        self._phone = phone
        now = phone.ports.clock.now()
        add_people(cast("SqlStore", phone.ports.store).staff, *team, now=now)
        for login, role in team.items():
            if role in get_args(DutyRole):
                on_duty(phone.ports, login, cast("DutyRole", role), hours=72)

    def write(self, login: str, text: str) -> list[tuple[str, str]]:
        """Write from somebody's telephone and return what they read in answer."""
        taken = replace(self._phone, channel="sms", number=PEOPLE[login][0]).write(text)
        return [(login, row.text) for row in taken.rows]

    def deliver(self) -> tuple[list[str], list[tuple[str, str]]]:
        """Let the worker run; return what reached the person, and who of the team reads what."""
        ports, now = self._phone.ports, self._phone.ports.clock.now()
        escalate(self._phone.brain, ports, Alarm())
        forward_to_phones(self._phone.brain, ports)
        rows = ports.store.claim_due(limit=100, lease_until=now, now=now, provider=PROVIDER)
        with ports.store.write() as tx:
            for row in rows:
                tx.update_outgoing(row.id, {"status": Status.DELIVERED, "lease_until": None})
        read = [(login, row.text) for row in rows for login in self.logins if _is_theirs(login, row)]
        return [row.text for row in rows if row.person_id is not None], read


def _is_theirs(login: str, row: OutgoingRow) -> bool:
    return row.person_id is None and row.to.reveal() == PEOPLE[login][0]
