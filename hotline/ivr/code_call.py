"""What is heard on a number that somebody gave as theirs: why it rings, and a code, three times.

Whoever gave a number that is not theirs makes a stranger's telephone ring: that one is spoken to first.
"""

from hotline.ivr.prompts import Sentences

_SAID = {
    "fr": (
        "Bonjour, ici {title}.",
        "Quelqu'un a donné ce numéro pour répondre aux appels de la ligne.",
        "Si ce n'est pas vous, raccrochez : rien ne se passera.",
        "Si c'est vous, voici votre code : {code}.",
        "Je répète : {code}.",
        "Une dernière fois : {code}.",
        "Ne donnez ce code à personne au téléphone.",
        "Au revoir.",
    ),
    # the line's title is in the line's first language
    "en": (
        "Hello, this is the help line.",
        "Somebody gave this number to answer calls of the line.",
        "If it was not you, hang up: nothing will happen.",
        "If it was you, here is your code: {code}.",
        "Once more: {code}.",
        "One last time: {code}.",
        "Do not tell this code to anybody on the telephone.",
        "Goodbye.",
    ),
}


def sentences(title: str, code: str, language: str) -> tuple[Sentences, str]:
    """The sentences and their language: "fr" or "en", French for any other."""
    spoken = language if language in _SAID else "fr"
    digits = ", ".join(code)
    return tuple(one.format(title=title, code=digits) for one in _SAID[spoken]), spoken
