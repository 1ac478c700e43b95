"""How French is typeset."""

import pytest

from hotline.queue.typography import spaced

WIDE, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("Son numéro : masqué", f"Son numéro{WIDE}: masqué"),
        ("Prenez-vous cet appel ?", f"Prenez-vous cet appel{NARROW}?"),
        ("C’est fait ! Merci ; à demain.", f"C’est fait{NARROW}! Merci{NARROW}; à demain."),
        ("sur « Numérique »", f"sur «{WIDE}Numérique{WIDE}»"),
        ("%(day)s : %(hours)s", f"%(day)s{WIDE}: %(hours)s"),
        ("Do you take this call? At 9:30; yes!", "Do you take this call? At 9:30; yes!"),
        ("https://example.org/desk?a=1", "https://example.org/desk?a=1"),
    ],
)
def test_spaces_that_do_not_break(plain: str, typeset: str) -> None:
    assert spaced(plain) == typeset
    assert spaced(typeset) == typeset
