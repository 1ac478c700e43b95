"""Numbers at rest, and what holds one: encrypted, with a keyed index for looking one up."""

import hashlib
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES: Final = 12
"""Random; safe for 2^32 texts under one key (NIST SP 800-38D, 8.3): centuries of a busy line."""


class SealError(Exception):
    """Sealed with another secret, or changed since."""


class Sealer:
    """Seals with one key derived from the secret and indexes with another: neither gives the other away."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(_derived(secret, b"hotline numbers"))
        self._index_key = _derived(secret, b"hotline number index")

    def seal(self, text: str) -> bytes:
        """The nonce, then the text encrypted and authenticated (AES-256-GCM)."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        """The text. Raises SealError when the secret is another one."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()
        except (InvalidTag, ValueError) as error:
            raise SealError from error

    def opens(self, sealed: bytes) -> bool:
        try:
            self.open(sealed)
        except SealError:
            return False
        return True

    def index(self, number: str) -> bytes:
        """32 bytes, the same for the same number; of no use without the secret (HMAC-SHA256)."""
        return hmac.digest(self._index_key, number.encode(), hashlib.sha256)


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
