"""Readers with suppression flags: an offer for everybody, and three segments of which one gets all of it."""

from typing import Any

from tests.content.small_brand import FILES
from tests.generation.desk import LINES, Desk
from tests.release.content import COPY, SEGMENT

AGREED = "their prices are agreed"
WAITING = "they wait for our answer"
BLOCK_WORDS = f"flag do_not_discount: {AGREED} (answered for by Ada Brand)"
EMAIL_WORDS = f"flag recent_complaint: {WAITING} (answered for by Ada Brand)"
OFFER_HERO = {
    "headline": "Come back outside with {offer.discount} off",
    "body": "Take {offer.discount} off the {product.name} until {offer.ends}, and plan a walk with friends.",
}
OFFERED = {**LINES, "hero": [OFFER_HERO, *LINES["hero"]], "offer": [COPY["offer"]]}
"""Copy for every slot of the brief; the first hero states the offer."""
SUPPRESSIONS: list[dict[str, Any]] = [
    {"flag": "do_not_discount", "reason": AGREED, "stops": ["offer"], "owner": "Ada Brand"},
    {
        "flag": "recent_complaint",
        "reason": WAITING,
        "stops": ["email"],
        "journeys": ["winback"],
        "owner": "Ada Brand",
    },
]


def suppressing(desk: Desk) -> Desk:
    """The desk with an offer of 10 %; campers get no offers, and people with a complaint nothing."""
    campers = {**SEGMENT, "id": "campers", "aliases": [], "flags": ["do_not_discount"]}
    waiting = {**SEGMENT, "id": "recent_complaint", "aliases": ["waiting"], "layer": "suppression"}
    desk.content.files["segments.yaml"] = {
        "suppressions": [dict(entry) for entry in SUPPRESSIONS],
        "segments": [SEGMENT, campers, waiting],
    }
    offers = {"offers": FILES["offers.yaml"]["offers"]}
    desk.content.files["offers.yaml"] = offers
    desk.brief |= {"offer": "autumn_walks", "segments": ["weekend_hikers", "campers", "waiting"]}
    desk.brief["slots"].insert(2, {"kind": "offer", "variants": 1})
    desk.slots["hero"]["variants"] = 1
    desk.contract["may_generate"] = [*desk.contract["may_generate"], "offer"]
    return desk
