"""What logging in says when it goes well or not, in our words instead of the library's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hotline.dashboard.languages import translated as _


@dataclass(frozen=True, slots=True)
class Message:
    """Words and kind, which the library asks for as [0] and [1]; in the language of the page then."""

    words: Callable[[], str]
    kind: str

    def __getitem__(self, part: int) -> str:
        return (self.words(), self.kind)[part]


def _good(words: Callable[[], str]) -> Message:
    return Message(words, "success")


def _bad(words: Callable[[], str]) -> Message:
    return Message(words, "error")


def _just_so(words: Callable[[], str]) -> Message:
    """What has neither succeeded nor failed."""
    return Message(words, "info")


def _link_is_over() -> str:
    return _("Ce lien ne sert plus : il a déjà servi, ou il a plus de deux heures. Demandez-en un autre ici.")


def _wrong_code() -> str:
    return _("Ce code n’est pas le bon. Attendez que l’application en montre un autre, et recopiez-le.")


def _took_too_long() -> str:
    return _("Trop de temps a passé : recommencez depuis le début.")


MESSAGES: Final[dict[str, Message]] = {
    "GENERIC_AUTHN_FAILED": _bad(
        lambda: _("L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, puis recommencez.")
    ),
    "DISABLED_ACCOUNT": _bad(lambda: _("Ce compte est fermé. Demandez à la coordination.")),
    "UNAUTHENTICATED": _just_so(lambda: _("Connectez-vous pour voir cette page.")),
    "LOGIN": _just_so(lambda: _("Connectez-vous pour voir cette page.")),
    "ANONYMOUS_USER_REQUIRED": _just_so(lambda: _("Vous êtes déjà connecté·e.")),
    "REAUTHENTICATION_REQUIRED": _just_so(lambda: _("Redonnez d’abord votre mot de passe.")),
    "REAUTHENTICATION_SUCCESSFUL": _good(lambda: _("Merci, vous pouvez continuer.")),
    "EMAIL_NOT_PROVIDED": _bad(lambda: _("Il manque l’adresse e-mail.")),
    "INVALID_EMAIL_ADDRESS": _bad(lambda: _("Ce n’est pas une adresse e-mail. Exemple : amina@example.org")),
    "PASSWORD_NOT_PROVIDED": _bad(lambda: _("Il manque le mot de passe.")),
    "INVALID_PASSWORD": _bad(lambda: _("Ce mot de passe n’est pas le bon.")),
    "PASSWORD_INVALID_LENGTH": _bad(lambda: _("C’est trop court : il faut au moins %(length)s caractères.")),
    "RETYPE_PASSWORD_MISMATCH": _bad(lambda: _("Les deux mots de passe ne sont pas les mêmes.")),
    "PASSWORD_IS_THE_SAME": _bad(lambda: _("C’est le mot de passe que vous avez déjà.")),
    "PASSWORD_CHANGE": _good(lambda: _("Votre mot de passe est changé.")),
    "PASSWORD_RESET_REQUEST": _good(
        lambda: _(
            "Si un compte existe pour %(email)s, un message vient d’être envoyé à cette adresse. "
            "Regardez aussi dans les indésirables."
        )
    ),
    "PASSWORD_RESET_EXPIRED": _bad(_link_is_over),
    "INVALID_RESET_PASSWORD_TOKEN": _bad(_link_is_over),
    "PASSWORD_RESET_NO_LOGIN": _good(
        lambda: _("Votre nouveau mot de passe est enregistré. Connectez-vous avec lui.")
    ),
    "INVALID_CODE": _bad(_wrong_code),
    "TWO_FACTOR_INVALID_TOKEN": _bad(_wrong_code),
    # nothing: whoever is in sees it, and a page that stays open would say it all day (of no words at all the
    # library would look for a translation)
    "TWO_FACTOR_LOGIN_SUCCESSFUL": _good(lambda: " "),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": _good(lambda: _("Le second code est en place.")),
    "TWO_FACTOR_DISABLED": _good(lambda: _("Le second code ne sera plus demandé.")),
    "TWO_FACTOR_PERMISSION_DENIED": _bad(_took_too_long),
    "TWO_FACTOR_SETUP_EXPIRED": _bad(_took_too_long),
    "INVALID_RECOVERY_CODE": _bad(lambda: _("Ce code de secours n’est pas le bon, ou il a déjà servi.")),
}
"""By the library's names."""


def settings() -> dict[str, Message]:
    return {f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()}
