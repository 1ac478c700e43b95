"""The carrier's voices by language: one table, because a voice of another language says nothing at all."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Voice:
    language: str
    name: str


VOICES: Final = MappingProxyType(
    {
        "fr": Voice("fr-FR", "Polly.Lea-Neural"),
        "en": Voice("en-GB", "Polly.Amy-Neural"),
        "es": Voice("es-ES", "Polly.Lucia-Neural"),
        "pt": Voice("pt-PT", "Polly.Ines-Neural"),
        "ar": Voice("ar-AE", "Polly.Hala-Neural"),
    }
)


def voice(code: str) -> Voice:
    """The voice for a language of a script. Raises KeyError: wiring checks every script for it."""
    return VOICES[code]
