"""What a mediator hears who is called to see whether the number is theirs: a code, three times."""

from hotline.ivr.prompts import Sentences

_SAID = {
    "fr": (
        "Bonjour, ici {title}.",
        "Votre code est : {code}.",
        "Je répète : {code}.",
        "Une dernière fois : {code}.",
        "Au revoir.",
    ),
    # the line's title is in the line's first language
    "en": (
        "Hello, this is the help line.",
        "Your code is: {code}.",
        "Once more: {code}.",
        "One last time: {code}.",
        "Goodbye.",
    ),
}


def sentences(title: str, code: str, language: str) -> tuple[Sentences, str]:
    """The sentences and their language: "fr" or "en", French for any other."""
    spoken = language if language in _SAID else "fr"
    digits = ", ".join(code)
    return tuple(one.format(title=title, code=digits) for one in _SAID[spoken]), spoken
