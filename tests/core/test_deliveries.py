"""Delivery reports in any order lead to the same end."""

from functools import reduce
from itertools import permutations

import pytest

from bot.core.deliveries import ENDS, advance
from bot.core.messages import Status

WAY = (Status.QUEUED, Status.SENDING, Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ)


@pytest.mark.parametrize("last", range(1, len(WAY)))
def test_it_stands_at_the_furthest_report_whatever_the_order(last):
    reports = WAY[1 : last + 1]

    for order in permutations(reports):
        assert reduce(advance, order, Status.QUEUED) is reports[-1]


@pytest.mark.parametrize("end", sorted(ENDS))
def test_it_ends_when_the_message_did_not_arrive_whatever_the_order(end):
    for order in permutations((Status.SENDING, Status.ACCEPTED, Status.SENT, end, end)):
        assert reduce(advance, order, Status.QUEUED) is end


@pytest.mark.parametrize("end", sorted(ENDS))
def test_it_believes_a_delivery_more_than_a_later_failure(end):
    assert advance(Status.DELIVERED, end) is Status.DELIVERED
    assert advance(Status.READ, end) is Status.READ


@pytest.mark.parametrize("old", list(Status))
@pytest.mark.parametrize("new", list(Status))
def test_it_never_moves_back(old, new):
    moved = advance(old, new)

    assert moved in (old, new)
    if old in WAY and moved in WAY:
        assert WAY.index(moved) >= WAY.index(old)
    if old in ENDS:
        assert moved is old
