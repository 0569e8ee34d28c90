"""The vocabulary of intents that people and programs outside rely on."""

from typing import Final

INTENTS: Final = frozenset(
    {
        *("greet", "thanks", "menu", "back", "repeat", "stop", "start", "change_language", "who_are_you", "erase_data"),
        *("keep_in_touch", "lost_document", "choose_sector", "partner_contacts", "case_status", "reintegration_help"),
        *("arrival_help", "before_return", "cash_grant", "health_support", "advice", "security_project"),
        *("talk_to_person", "complaint", "leave_again", "discreet", "emergency"),
        *("affirm", "deny", "goodbye", "money_request", "wrong_number", "abuse", "operator_notice"),
    }
)
