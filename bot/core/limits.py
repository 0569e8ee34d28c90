"""Every limit, with its reason, in one place."""

from datetime import timedelta

STEPS_A_TURN = 100  # a flow that loops fails loudly instead of sending for ever
EVENTS_KEPT = 50  # rasa_sdk events that actions can look back on
CONVERSATION_STALE_AFTER = timedelta(hours=24)  # then "Vous en etiez a …" is asked before going on
MENU_CHOICES = 5  # more cannot be held in mind by somebody who reads word by word
MESSAGES_AN_HOUR = 30  # from one person; more is a robot or a loop, and every reply costs money
SAME_TEXTS_IN_A_ROW = 5  # an operator's automatic answer repeats itself
ANSWER_LEASE = timedelta(minutes=2)  # Twilio's first status call-back comes within seconds of a TwiML answer
CASE_NOTED_EVERY = timedelta(minutes=30)  # "we have noted it" is said once in this time while a case is open
TURN_TRIES = 5  # decisions made again after another message of the same person was faster
