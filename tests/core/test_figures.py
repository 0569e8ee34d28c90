"""Figures for plots: nobody can be found out in a small group, not even by taking one number from another."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.figures import SMALL, Cell, hide_small


def cells(**groups):
    return [Cell(name, value, count) for name, counts in groups.items() for value, count in counts.items()]


def shown(groups):
    return {group.name: (group.total, {cell.value: cell.count for cell in group.cells}) for group in groups}


def test_large_groups_are_shown_as_they_are():
    groups = hide_small(cells(gao={"well": 12, "bad": 7}, kayes={"well": 30, "bad": 5}))

    assert shown(groups) == {"gao": (19, {"well": 12, "bad": 7}), "kayes": (35, {"well": 30, "bad": 5})}


def test_a_small_group_is_hidden_and_the_next_smallest_with_it():
    groups = hide_small(cells(gao={"well": 3}, kayes={"well": 30}, mopti={"well": 9}))

    assert shown(groups) == {
        "gao": (None, {"well": None}),
        "kayes": (30, {"well": 30}),
        "mopti": (None, {"well": None}),
    }


def test_two_small_groups_hide_nobody_else():
    groups = hide_small(cells(gao={"well": 3}, kayes={"well": 30}, kita={"well": 2}))

    assert [group.total for group in groups] == [None, 30, None]


def test_one_small_answer_takes_the_next_smallest_with_it_so_that_the_sum_tells_nothing():
    groups = hide_small(cells(gao={"well": 20, "so_so": 8, "bad": 2}))

    assert shown(groups) == {"gao": (30, {"well": 20, "so_so": None, "bad": None})}


def test_nothing_at_all_is_no_group():
    assert hide_small([]) == ()


COUNTS = st.dictionaries(st.sampled_from(["well", "so_so", "bad"]), st.integers(1, 40), min_size=1)


@given(st.dictionaries(st.sampled_from(["bamako", "gao", "kayes", "mopti"]), COUNTS, min_size=1))
def test_no_small_number_is_ever_shown_nor_to_be_worked_out(groups):
    for group in hide_small(cells(**groups)):
        seen = [cell.count for cell in group.cells if cell.count is not None]
        assert all(count >= SMALL for count in seen)
        if group.total is None:
            assert seen == []
        else:
            assert len(group.cells) - len(seen) != 1
            assert group.total == sum(seen) or group.total - sum(seen) >= SMALL
