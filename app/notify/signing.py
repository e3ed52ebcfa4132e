"""Signatures as Standard Webhooks describes them: an HMAC-SHA256 of id, moment and body."""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable

PREFIX = "whsec_"


def signed_headers(message_id: str, at: dt.datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers. Each secret signs, so that a receiver may know any one of them."""
    moment = str(int(at.timestamp()))
    signed = b".".join((message_id.encode(), moment.encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
