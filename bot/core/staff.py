"""Staff: who they are to the programme, and what each may see and do."""

from dataclasses import dataclass
from typing import Literal, get_args

from bot.core.cases import Case

Role = Literal["caseworker", "supervisor", "broadcaster", "focal_point", "reviewer", "administrator", "partner"]
ROLES: frozenset[Role] = frozenset(get_args(Role))
# Whoever may open a person's page, or read what people write, signs in with a second factor.
SEES_PERSONS: frozenset[Role] = frozenset(
    {"caseworker", "supervisor", "broadcaster", "focal_point", "reviewer", "partner"}
)


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of staff, or of a partner organisation (`partner` is its id in the directory)."""

    id: str
    name: str  # what colleagues and the timeline call them
    roles: frozenset[Role]
    partner: str | None = None

    def may(self, *roles: Role) -> bool:
        """Say whether they have one of these roles."""
        return not self.roles.isdisjoint(roles)


def may_see(staff: Staff, case: Case) -> bool:
    """Say whether a case is for these eyes: complaints for the focal point's, a referred one also for its partner's."""
    if case.sensitive:
        return staff.may("focal_point")
    if staff.may("caseworker", "supervisor"):
        return True
    return staff.may("partner") and staff.partner is not None and case.referred_to == staff.partner


def named_in_trail(case: Case) -> str:
    """Return the id by which the audit trail keeps that somebody saw the person of a case.

    Of a complaint it is the case's own, so that the line is for the eyes that the case is for: beside the person's id,
    a focal point's name would tell who complained.
    """
    return case.id if case.sensitive else case.person_id
