"""A number at which somebody is to be called back, as a mediator types what is dictated."""

from hotline.dashboard.languages import translated as _
from hotline.switchboard.lines import Lines


class WrongNumber(ValueError):
    """It is none that may be called; `words` tells whoever typed it.

    `at_the_top`: where the number stands elsewhere on the page.
    """

    def __init__(self, words: str, at_the_top: str) -> None:
        super().__init__()
        self.words = words
        self.at_the_top = at_the_top


def read(lines: Lines, text: str) -> str | None:
    """The number that was typed, if there is one. Raises WrongNumber."""
    if not text.strip():
        return None
    try:
        number = lines.number(text)
    except ValueError:
        raise WrongNumber(
            _("Ce n’est pas un numéro de téléphone. Exemple : 01 99 00 12 34."),
            _("Le numéro à rappeler n’est pas un numéro de téléphone. Exemple : 01 99 00 12 34."),
        ) from None
    if lines.are_called_at(number):
        raise WrongNumber(
            _("C’est le numéro de la ligne elle-même : demandez celui de la personne."),
            _("Le numéro à rappeler est celui de la ligne elle-même : demandez celui de la personne."),
        )
    return number


def missing() -> str:
    return _("Écrivez d’abord le numéro : sans lui, personne ne pourra rappeler.")
