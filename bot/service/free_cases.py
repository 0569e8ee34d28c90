"""Free the cases of a member of staff who may hold them no longer: open, in nobody's hands, and alerted if urgent."""

from bot.core import case_life, limits
from bot.core.accounts import Account
from bot.core.cases import Case
from bot.ports import Conflict
from bot.service.ports import Ports


def free_cases(ports: Ports, account: Account, *, by: str) -> None:
    """Free every case that this account, as it is now, may not have in hand.

    The assistant stays silent where it was: the person waits for somebody of the team, as they were told.
    """
    cases = ports.store.cases(include_sensitive=True)
    stranded = [case for case in cases if case.taken_by == account.id and not _may_hold(account, case)]
    for case in stranded:
        _free(ports, case, by=by)
    if stranded:
        ports.wake.outgoing()


def _may_hold(account: Account, case: Case) -> bool:
    return account.active and case_life.may_hold(account.staff, case)


def _free(ports: Ports, case: Case, *, by: str) -> None:
    """Free one case, however often it is written in meanwhile. Raises Conflict when that never ends."""
    for _ in range(limits.TURN_TRIES):
        found = ports.store.case(case.reference)
        if found is None or found.status == "closed" or found.taken_by != case.taken_by:
            return  # it is in other hands by now
        now = ports.clock.now()
        try:
            with ports.store.write() as tx:
                tx.change_case(found, case_life.freed(found, now))
                tx.duty.let_go(case.id)
                if found.priority != "P3":
                    tx.duty.alarm(case.id, at=now)
                tx.audit(actor=by, action="case.free", object_id=case.id, now=now)
        except Conflict:
            continue
        return
    raise Conflict("A case changed too often to be freed.")
