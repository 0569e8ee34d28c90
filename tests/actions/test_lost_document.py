"""Papers: the reminder comes back to where the person was, and papers that somebody keeps are urgent."""

from flows.actions.lost_document import REMIND_AFTER, OpenLostDocument, OpenPapersTaken, RemindLostDocument


def test_it_reminds_with_the_paper_it_is_about(act):
    done = act(RemindLostDocument(), document_kind="passport")

    assert done.effects == [
        {
            "effect": "remind",
            "flow": "lost_document_follow_up",
            "days": REMIND_AFTER,
            "slots": {"document_kind": "passport"},
        }
    ]
    assert done.values["days"] == str(REMIND_AFTER)


def test_the_reminder_brings_along_what_is_done_and_asks_only_for_the_rest(act):
    done = act(RemindLostDocument(), document_kind="passport", declared=True, has_receipt=False)

    assert done.effects[0]["slots"] == {"document_kind": "passport", "declared": True}


def test_it_tells_the_caseworker_what_was_answered(act):
    case = act(
        OpenLostDocument(), document_kind="passport", loss_kind="lost", declared=True, has_receipt=False
    ).effects[0]

    assert (case["kind"], case["priority"]) == ("lost_document", "P3")
    assert case["note"] == {"document_kind": "passport", "loss_kind": "lost", "declared": "yes", "has_receipt": "no"}


def test_it_puts_papers_that_somebody_keeps_before_a_person_the_same_day(act):
    case = act(OpenPapersTaken(), document_kind="passport").effects[0]

    assert (case["kind"], case["priority"]) == ("papers_taken", "P2")
