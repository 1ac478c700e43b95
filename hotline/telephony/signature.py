"""Whether a webhook was signed by the carrier."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator


class _Fields(dict[str, Sequence[str]]):
    """A form as the validator reads one; it asks for each field by this name first."""

    def getall(self, name: str) -> Sequence[str]:
        return self[name]


class TwilioSignature:
    """Checks X-Twilio-Signature (HMAC-SHA1) against the configured address and each valid token."""

    def __init__(self, public_url: str, tokens: Sequence[str]) -> None:
        self._base = public_url
        self._prefix = urlsplit(public_url).path
        self._validators = [RequestValidator(token) for token in tokens]

    def is_genuine(self, path: str, form: Mapping[str, Sequence[str]], signature: str | None) -> bool:
        if not signature:
            return False
        url = self._base + self._below_prefix(path)
        fields = _Fields(form)
        return any(validator.validate(url, fields, signature) for validator in self._validators)

    def _below_prefix(self, path: str) -> str:
        """A proxy may hand on the whole path or only what is below our prefix; both are signed with it."""
        return path[len(self._prefix) :] if self._prefix and path.startswith(f"{self._prefix}/") else path
