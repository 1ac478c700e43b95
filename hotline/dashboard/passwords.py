"""What may be a password, wherever one is chosen: long enough, and nothing that is guessed at once."""

from typing import Any, Final
from unicodedata import combining, normalize

from flask_security import PasswordUtil
from zxcvbn import zxcvbn

from hotline.dashboard.languages import translated as _
from hotline.dashboard.users import User

LENGTH: Final = 10
GUESSES: Final = 10**9
"""So many a guesser needs at least who knows what people choose; ten characters by lot need more."""
COST: Final = {"argon2__time_cost": 3, "argon2__memory_cost": 65536, "argon2__parallelism": 4}
"""Of keeping one, in rounds, KiB and lanes: the second recommended option of RFC 9106, section 4."""
LOOKED_AT: Final = 72
"""Characters: what is longer is looked at no further, which would take long and changes nothing."""
OUR_WORDS: Final = """
    motdepasse passe azerty azertyuiop bonjour bienvenue soleil marianne liberté égalité fraternité
    hotline ligne téléphone assistance accueil numérique médiation médiateur médiatrice association bénévole
    coordination permanence lundi mardi mercredi jeudi vendredi samedi dimanche printemps automne hiver
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
"""
"""What is guessed first here; the words of the library are mostly English."""


class Passwords(PasswordUtil):
    """The log-in library asks it."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong with it, None where nothing is, and the password as it is kept."""
        # blanks alone are none: the page to log in takes them for an empty field
        if not any(one.isprintable() and not one.isspace() for one in password):
            return [
                _("Il faut au moins une lettre ou un chiffre : des espaces seuls ne suffisent pas.")
            ], password
        wrong, normalized = super().validate(password, is_register, **kwargs)
        if not wrong and _is_guessed(normalized, kwargs.get("user")):
            wrong = [
                _(
                    "Ce mot de passe est trop facile à deviner. Prenez trois ou quatre mots sans lien entre "
                    "eux : ils se retiennent bien, et personne ne les trouvera."
                )
            ]
        return wrong, normalized


def _is_guessed(password: str, user: object) -> bool:
    words = [*OUR_WORDS.split(), *(_about(user) if isinstance(user, User) else ())]
    # the library's own way hands over every column of the account, and fails for a long sentence
    found = zxcvbn(_plain(password)[:LOOKED_AT], user_inputs=[_plain(one) for one in words])
    return int(found["guesses"]) < GUESSES


def _about(user: User) -> list[str]:
    """What whoever knows the person tries first."""
    return [user.name, *user.name.split(), user.email, *user.email.split("@")]


def _plain(text: str) -> str:
    """Without accents and blanks: whoever guesses tries each word in every way of writing it."""
    return "".join(one for one in normalize("NFKD", text) if not (combining(one) or one.isspace()))
