"""What a webhook is sent: one event as JSON, with ids and states and nothing else."""

import json

from app.db.outbox_tables import Delivery


def body_of(delivery: Delivery) -> bytes:
    """The body, the same bytes in every try."""
    document = {
        "id": delivery.id,
        "event": delivery.event,
        "brand": delivery.brand,
        "subject": delivery.subject,
        "at": delivery.at.isoformat(timespec="seconds"),
        "data": delivery.data,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
