"""Every limit, with its reason, in one place."""

from datetime import timedelta

STEPS_A_TURN = 100  # a flow that loops fails loudly instead of sending for ever
EVENTS_KEPT = 8  # rasa_sdk events that actions can look back on: one turn; more only makes state and calls bigger
CONVERSATION_STALE_AFTER = timedelta(hours=24)  # then "Vous en etiez a …" is asked before going on
MENU_CHOICES = 5  # more cannot be held in mind by somebody who reads word by word
MESSAGES_AN_HOUR = 30  # from one person; more is a robot or a loop, and every reply costs money
EMPTY_TEXTS_ANSWERED = 2  # a telephone in a pocket sends nothing again and again
SEGMENTS_AN_HOUR = 60  # SMS parts to one person, at 25 F CFA 1,500 F: a talk that was read has half of it
SEGMENTS_A_DAY = 150  # at 25 F CFA 3,750 F: a robot that answers slowly stops here
DANGER_ANSWERED_EVERY = timedelta(minutes=15)  # the same advice once a budget is spent: no robot lives on danger words
COUNTED_FROM = 3  # messages an hour; with fewer nobody comes near these sums
SAME_TEXTS_IN_A_ROW = 5  # an operator's automatic answer repeats itself
ANSWER_LEASE = timedelta(minutes=2)  # Twilio's first status call-back comes within seconds of a TwiML answer
CASE_NOTED_EVERY = timedelta(minutes=30)  # "we have noted it" is said once in this time while a case is open
TURN_TRIES = 12  # decisions made again when another message of the person was faster; more than serving threads
SLICE = 32  # rows that one task claims; small enough to end within its lease
SEND_LEASE = timedelta(minutes=2)  # longer than the provider's time-out of 10 s with a slice before it
SEND_TRIES = 6  # with the doubling pause below: about an hour of a provider's bad moment
SEND_BACKOFF = timedelta(minutes=1)
ALERT_EVERY = timedelta(minutes=15)  # an alert's longest pause between two tries
ALERT_TRIES = 100  # about a day; by then somebody has looked
ALERT_NEXT = timedelta(minutes=1)  # after an alert that reached no telephone the next one comes this soon
ALERT_ANSWERED = timedelta(hours=12)  # a shift: so long a PRENDS without a number answers the last alert
ALERT_HURRIES = 12  # alerts of a case; when none of so many arrived, the line is dead and haste only costs
PIN_TRIES = 5  # wrong ones in a row, then a telephone is locked: 10,000 PINs and 5 tries are 1 in 2,000
PIN_HOLDS = timedelta(hours=12)  # one shift: a telephone that is lost or borrowed is worth nothing the next morning
FORWARDED_SEGMENTS = 3  # of what a person wrote, to a caseworker's telephone; the rest is read in the console
STAFF_TEXTS = (
    30  # messages an hour from a telephone of staff; beyond, what holds no command is a robot's and unanswered
)
STAFF_SPAN = timedelta(hours=1)
LISTED = 10  # cases in the list by SMS: two segments
SHORT_KNOWN = timedelta(days=7)  # so long a closed case keeps its short number from meaning another
ASK_AGAIN_AFTER = timedelta(minutes=1)  # the provider's list may lag behind what it took
ALERT_AGAIN_AFTER = timedelta(minutes=15)  # danger in an open case rings once more: five messages ring no five times
PARTNER_ASKED_AFTER = timedelta(days=7)  # a partner has had a working week; then the person is asked
CALL_BACKS_EVERY = timedelta(hours=1)  # one call-back request a number
REMINDER_HELD = timedelta(days=1)  # a reminder that falls into an open case comes a day later, or soon after its end
UNMATCHED_KEPT = timedelta(days=90)  # messages not understood: a season's worth to learn from, then nobody needs them
UNMATCHED_LETTERS = 300  # two SMS; what is longer is a story, and no example of a wish
STARTED_A_DAY = 2  # check-ins and broadcasts to one person over all plans; more is a nuisance, and people send STOP
WHATSAPP_WINDOW = timedelta(hours=24)  # since somebody's last message; later only templates may be sent (63016)
WHATSAPP_PAIR = timedelta(seconds=6)  # between two messages to one person, as Meta allows (131056)
BROADCAST_AHEAD = 256  # messages of one broadcast that are queued at a time; what is not queued is stopped at once
PREPARE_SLICE = 1000  # persons looked at in one transaction while recipients are written down; a turn waits no longer
PREPARE_FOR = timedelta(seconds=1)  # of writing recipients down, after which whatever else there is has its turn
BROADCAST_SLICE = 5.0  # seconds of sending at a stretch, after which the worker looks at everything else
BROADCAST_TRIES = 4  # messages to one person whose operator or provider had a bad hour
BROADCAST_HELD = timedelta(days=3)  # somebody in the hands of the team is waited for so long, then left out
PLAN_SLICE = 50  # persons whose check-ins are planned in one transaction: some 20 ms, so that no answer waits for it
PLAN_WITHIN = timedelta(seconds=5)  # as long as one task of the queue may take
PLANNED_AT_ONCE = 2000  # persons a round; after an import of 100,000 the rest follows within minutes
BUSY_FOR = timedelta(hours=1)  # after somebody's last message we leave them to the question that is open
TEMPLATE_WAITS = timedelta(days=3)  # a text that waits for the answer to a template; later it is news no more
REPORTS_WITHIN = timedelta(minutes=10)  # for so long a broadcast stays open for reports that something did not arrive
ANSWERS_COME = timedelta(days=14)  # what somebody writes later is hardly about the broadcast
TIER_AGAIN = timedelta(hours=1)  # WhatsApp's day of new people slides: somebody who did not fit may fit an hour later
BROADCAST_AGAIN = timedelta(hours=6)  # until somebody whose telephone was off is written to again
BULK_LEASE = timedelta(seconds=48)  # a slice of a broadcast takes a second: a killed worker's is soon looked up
SEND_NEEDS = timedelta(seconds=32)  # left of a lease: 20 s for a turn at the sender's pace, 10 s for the call itself
