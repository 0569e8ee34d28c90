"""What is written into the picture of a flow, in French: the sentences themselves, answers, actions and conditions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.core.domain import Response
from bot.core.flow import Act, Branch, Call, Collect, Flow, Link, SetSlots, Step
from bot.core.payloads import commands_of

LONGEST: Final = 84  # characters of a sentence that are shown
YES, NO, ELSE = "oui", "non", "sinon"
FEW: Final = 2  # answers that are named instead of "sinon"

ACTIONS: Final[Mapping[str, str]] = {
    "action_add_complaint_words": "ajoute ces mots à la plainte",
    "action_answer_closing": "dit à l'équipe si c'est réglé",
    "action_answer_partner": "dit à l'équipe si le partenaire a aidé",
    "action_be_discreet": "ne plus écrire ni appeler de nous-mêmes",
    "action_cancel_interrupted_flows": "laisse ce qui était commencé",
    "action_continue_interrupted_flow": "reprend ce qui était commencé",
    "action_emergency": "répond au danger, ouvre un dossier urgent",
    "action_forget": "efface tout, donne un reçu",
    "action_give_consent": "garde l'accord",
    "action_greet": "salue selon l'heure",
    "action_join_case": "ajoute ces mots au dossier ouvert",
    "action_keep_language": "garde la langue",
    "action_open_cash_case": "ouvre un dossier (argent du retour)",
    "action_open_check_in_mood": "ouvre un dossier : prendre des nouvelles",
    "action_open_check_in_person": "ouvre un dossier : veut parler à quelqu'un",
    "action_open_check_in_trouble": "ouvre le dossier qui convient, urgent pour manger et sécurité",
    "action_raise_check_in_trouble": "répond au danger, rend le dossier urgent",
    "action_open_complaint": "ouvre une plainte, pour le point focal seul",
    "action_open_contact_change": "ouvre un dossier : un agent vérifie",
    "action_open_doubt": "ouvre un dossier : un doute",
    "action_open_erase": "ouvre un dossier : demande d'effacement",
    "action_open_health_case": "ouvre un dossier (santé)",
    "action_open_interest": "garde l'intérêt pour le métier",
    "action_open_language_case": "ouvre un dossier (autre langue)",
    "action_open_lost_document": "ouvre un dossier (papiers)",
    "action_open_media_case": "ouvre un dossier (note vocale, image)",
    "action_open_papers_taken": "ouvre un dossier urgent (papiers retenus)",
    "action_open_question": "ouvre un dossier : une question",
    "action_open_status_case": "ouvre un dossier (suivi de la demande)",
    "action_open_urgent_health_case": "ouvre un dossier urgent (santé)",
    "action_open_wellbeing_case": "ouvre un dossier : prendre des nouvelles",
    "action_opt_in": "reprend nos messages",
    "action_opt_out": "arrête nos messages",
    "action_partner_fit": "cherche un partenaire pour ce métier et cette région",
    "action_find_partners": "cherche qui pouvait aider pour cela dans cette région",
    "action_pause": "donne la parole à une personne",
    "action_raise_media_case": "rend ce dossier urgent",
    "action_read_complaint": "lit si le message raconte déjà",
    "action_read_status_question": "lit si le message dit déjà tout",
    "action_refuse_consent": "garde le refus",
    "action_remind_lost_document": "garde un rappel dans quelques jours",
    "action_return_salam": "rend le salut",
    "action_resume": "reprend la parole",
    "action_forget_place": "oublie la ville si la région a changé",
    "action_save_return": "garde le mois du retour",
    "action_save_calls": "garde si l'on peut appeler",
    "action_save_contact": "garde les coordonnées",
    "action_save_relative": "garde le proche à joindre",
    "action_say_own_cases": "dit où en sont ses demandes",
    "action_say_who": "dit qui parle et le prix",
    "action_show_contact": "montre ce qui est gardé, abrégé",
    "action_use_known_region": "prend la région déjà connue",
}

_TESTS: Final[Mapping[str, str]] = {
    "slots.first_contact": "premier message",
    "slots.just_welcomed": "vient d'être saluée",
    "slots.has_sensitive_case": "a une plainte ou un danger ouvert",
    "slots.data_held": "données gardées pour la justice",
    "slots.has_checked_numbers": "un numéro d'urgence est vérifié",
    "slots.complaint_apart": "une personne de l'équipe lui écrivait",
    "slots.complaint_told": "a déjà raconté",
    "slots.status_written": "a écrit sa question",
    'slots.opted_out is "all"': "a écrit STOP",
    'slots.consent is "given"': "a donné son accord",
    "slots.known_name is not null": "son nom est connu",
    'slots.known_origin is "MA"': "revient du Maroc",
    "slots.open_reference is not null": "un dossier est ouvert",
    "slots.own_cases is not null": "a des demandes",
    'slots.language is "und"': "langue inconnue",
    "slots.language_choice is not null": "langue choisie",
    'slots.partner_fit is "apej"': "partenaire connu",
    'slots.person_text matches "(?i)foras|forass"': "parle de Foras",
    'slots.person_text matches "(?i)gratui|payer|paye|coute|coûte|prix|combien|sara|songo|sɔngɔ|fu ye"': "parle du prix",  # noqa: E501 as the flow has it
    "slots.case_solved": "réglé",
    "slots.with_person": "une personne de l'équipe lui écrit",
    "slots.closed_quietly": "rester discret",
    "slots.closed_case is null": "rien à nommer",
    "slots.helped_partner is null": "plus rien à demander",
    "not context.more": "rien d'autre n'est en cours",
    "context.more": "autre chose est en cours",
    "context.failures >= 2": "deuxième fois",
    'context.flow is "talk_to_person"': "une personne est demandée",
    'context.reason is "empty"': "message vide",
    'context.reason is "late"': "langue choisie plus tard",
    'context.reason is "emoji"': "seulement un emoji",
    'context.reason is "no_such_choice"': "pas un chiffre du menu",
    'context.reason is "nothing_before"': "rien avant",
    'context.reason is "two_choices"': "deux chiffres à la fois",
    'context.reason is "unsupported_language"': "autre langue",
    'context.reason matches "^media"': "note vocale, image",
    'context.reason matches "^(media|unsupported)"': "note vocale, image, autre langue",
}
_JOINT = re.compile(r" (and|or) ")
_VALUE = re.compile(r'slots\.(\w+) is "(\w+)"')
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_BEFORE_SIGN = re.compile(r" (?=[?!:;…])")  # a line never begins with a sign


@dataclass(frozen=True, slots=True)
class Words:
    """The French sentences {msgid: text}, responses with their buttons, flows, and what placeholders stand for."""

    texts: Mapping[str, str] = field(default_factory=dict)
    responses: Mapping[str, Response] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)  # those that facts give; the others show as "…"

    def of_step(self, step: Step) -> str:
        """Say what a step does: the sentence that is said or asked, or what is done."""
        match step.work:
            case Collect(slot=slot, utter=utter):
                return self._sentence(utter) or f"demande : {slot}"
            case Act(name=name):
                return self._sentence(name) or ACTIONS.get(name) or name.partition("_")[2].replace("_", " ")
            case SetSlots():
                return "retient la réponse"
            case Link(flow=flow):
                return f"passe à : {self._flow(flow)}"
            case Call(flow=flow):
                return f"va voir et revient : {self._flow(flow)}"
        return "selon le cas" if len(step.ways) > 1 else "…"

    def of_ways(self, step: Step) -> tuple[str, ...]:
        """Say for each way out when it is taken; "" for the only one."""
        answers = self._answers(step)
        if len(step.ways) == 1 and step.ways[0].condition is None:
            return ("",)
        return tuple(self._way(step, way, answers) for way in step.ways)

    def _way(self, step: Step, way: Branch, answers: Mapping[str, str]) -> str:
        if way.condition is None:
            return self._otherwise(step, answers)
        asked = step.work.slot if isinstance(step.work, Collect) else ""
        if way.condition.text == f"slots.{asked}":
            return YES
        pieces = _JOINT.split(way.condition.text)
        return " ".join({"and": "et", "or": "ou"}.get(piece) or self._piece(piece, asked, answers) for piece in pieces)

    def _piece(self, piece: str, asked: str, answers: Mapping[str, str]) -> str:
        """Say one test; the brackets of a joint stay where they are."""
        bare = piece.removeprefix("(").removesuffix(")")
        return piece.replace(bare, self._test(bare, asked, answers), 1)

    def _test(self, text: str, asked: str, answers: Mapping[str, str]) -> str:
        if text in _TESTS:
            return _TESTS[text]
        if text.startswith("not "):
            return f"non : {self._test(text[4:], asked, answers)}"
        if text == f"slots.{asked}":
            return YES
        if found := _VALUE.fullmatch(text):
            slot, value = found[1], found[2]
            own = answers.get(value) if slot == asked else None
            return own or self.texts.get(f"value.{slot}.{value}") or value.replace("_", " ")
        return _plainly(text)

    def _otherwise(self, step: Step, answers: Mapping[str, str]) -> str:
        """Name what is left when only one or two answers are."""
        asked = step.work.slot if isinstance(step.work, Collect) else ""
        conditions = [way.condition for way in step.ways if way.condition]
        if asked and [condition.text for condition in conditions] == [f"slots.{asked}"]:
            return NO
        named = {value for condition in conditions for slot, value in condition.compared if slot == asked}
        left = [answer for value, answer in answers.items() if value not in named]
        return " / ".join(left) if 0 < len(left) <= FEW and named else ELSE

    def _answers(self, step: Step) -> dict[str, str]:
        """Return {value: title} of the buttons under the step's question."""
        response = self.responses.get(step.work.utter) if isinstance(step.work, Collect) else None
        found: dict[str, str] = {}
        for button in response.pick({}).buttons if response else ():
            for command in commands_of(button.payload):
                found[str(getattr(command, "value", ""))] = self.texts.get(button.title, button.title)
        return found

    def _sentence(self, response: str) -> str:
        known = self.responses.get(response)
        text = self.texts.get(known.pick({}).msgid if known else response) or self.texts.get(response, "")
        filled = _PLACEHOLDER.sub(lambda found: self.values.get(found[1], "…"), " ".join(text.split()))
        return _BEFORE_SIGN.sub("\u00a0", shortened(filled.replace("….", "…")))

    def _flow(self, name: str) -> str:
        return self.flows[name].name if name in self.flows else name.replace("_", " ")


def _plainly(text: str) -> str:
    """Say a test without words of its own as well as can be."""
    words = text.replace("slots.", "").replace("context.", "").replace("_", " ").replace('"', "")
    for english, french in ((" is not null", " connu"), (" is null", " inconnu"), (" is not ", " ≠ "), (" is ", " = ")):
        words = words.replace(english, french)
    return words


def shortened(text: str) -> str:
    """Cut a sentence that is too long for a box between words."""
    if len(text) <= LONGEST:
        return text
    return text[: text.rfind(" ", 0, LONGEST - 1)] + " …"
