"""Signs requests as the carrier does: HMAC-SHA1 over the address and the sorted form fields."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """`params` are the form fields of a POST; for a GET pass none, they stand in the address."""
    text = signed_url(url) + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def signed_url(url: str) -> str:
    """The address as it is signed: no fragment, no user, and no port for https."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and not host.endswith("]"):
        host = host.partition(":")[0] if not host.startswith("[") else host.rpartition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
