"""The sentences by which a call test knows where a call is: the script's, so that they may be reworded."""

from tests import scripts


def said(name: str, language: str = "fr", **values: str) -> str:
    """A prompt as it is heard. What it is to be filled with may be left open: then the words before that."""
    prompt = scripts.BODY["prompts"][language][name]
    text = prompt if isinstance(prompt, str) else " ".join(prompt)
    return str(text.format(**values) if values else text.partition("{")[0].strip())


def first(name: str) -> str:
    """The first sentence of a prompt."""
    return str(scripts.BODY["prompts"]["fr"][name][0])


MENU = "Pour les impôts, faites le 2."
NOTICE = said("notice")
NINE = said("hold_callback")
WANTED = said("callback_wanted")
OFFERED = said("callback_offered")
READ_BACK = said("callback_number")
WHICH_NUMBER = first("callback_ask_number")
NOBODY = said("nobody_on_duty")
TOO_LONG = said("call_too_long")
EMPTY = said("message_empty")
NO_NUMBER = said("number_not_noted")
WHEN = first("callback_time")
CODE = "Voici votre code :"
SPEAK = scripts.BODY["prompts"]["fr"]["message_ask"][-1]
BEEP = "beep"
KEPT = said("message_kept")
NEXT = said("hold_next")
SOON = said("callback_soon")
CLOSED = first("closed")
DANGER = scripts.BODY["prompts"]["fr"]["closed"][-1]
GOODBYE = said("goodbye")


def read_back(spoken: str) -> str:
    return said("callback_number", number=spoken)


def opens(opening: str) -> str:
    return said("opens", opening=opening)


def called_from(opening: str) -> str:
    return said("callback_from", opening=opening)
