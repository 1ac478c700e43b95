"""Numbers at rest, and what holds one: encrypted, with a keyed index for looking one up."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealer:
    """Seals with one key derived from the secret and indexes with another: neither gives the other away."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(secret, b"hotline numbers")))
        self._index_key = _derived(secret, b"hotline number index")

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text. Raises cryptography's InvalidToken when the secret is another one."""
        return self._fernet.decrypt(sealed).decode()

    def opens(self, sealed: bytes) -> bool:
        try:
            self._fernet.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def index(self, number: str) -> bytes:
        """32 bytes, the same for the same number; of no use without the secret (HMAC-SHA256)."""
        return hmac.digest(self._index_key, number.encode(), hashlib.sha256)


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
