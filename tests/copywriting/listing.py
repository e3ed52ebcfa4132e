"""A brand with a list of products that the sending platform keeps, in a brief that shows it."""

from typing import Any

from tests import factories
from tests.copywriting.office import Office
from tests.release.content import item

LEFT: dict[str, Any] = {
    "id": "left_behind",
    "meaning": "the things that the reader put into the cart and left there",
    "purpose": "remind people of what they chose themselves",
    "basis": "legitimate_interests",
    "most": 2,
    "price": True,
    "fallbacks": {
        "name": "Something you chose",
        "link": "https://fernhill.example/cart",
        "image": "logo",
    },
    "samples": [
        {
            "name": 'Tents & "mats"',
            "link": "https://fernhill.example/p/tent?size=2&colour=moss",
            "image": "logo",
            "price": "$84.00",
        },
        {},
        {"name": "Enamel mug", "link": "https://fernhill.example/p/mug", "price": "$9.00"},
    ],
}
SHOWN = {"kind": "recommendations", "variants": 1, "products_from": "left_behind"}


def listing(office: Office, **changes: Any) -> None:
    """Declare the list and have the brief show it, from an approved block."""
    content = office.desk.content
    content.files["variables.yaml"] = {
        "consents": list(factories.CONSENTS),
        "variables": list(factories.VARIABLES),
        "lists": [{**LEFT, **changes}],
    }
    content.blocks["recommendations/evergreen"] = [item("picks_evergreen", "recommendations")]
    office.brief["slots"].insert(3, dict(SHOWN))
