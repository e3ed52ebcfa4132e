"""Which variables a segment may have, and the words for those that it may not."""

import pytest

from app.brand.brand import Brand
from app.brand.consents import lacks, unconsented
from app.brand.models import Variable
from app.brand.segments import Segment
from tests import factories
from tests.release.content import SEGMENT


def made(*consents: str) -> Brand:
    """A brand whose weekend hikers gave `consents`."""
    variables = [Variable.model_validate(item) for item in (*factories.VARIABLES, factories.CITY)]
    segment = Segment.model_validate({**SEGMENT, "consents": consents})
    return factories.make_brand(
        variables={item.name: item for item in variables},
        segments={segment.id: segment},
        aliases=dict.fromkeys(segment.aliases, segment.id),
    )


@pytest.mark.parametrize("name", ["weekend_hikers", "hikers"])
def test_a_variable_is_withheld_until_its_consent_is_there(name: str) -> None:
    assert made().withheld(name) == {"person.city": "personalisation"}
    assert made("stories").withheld(name) == {"person.city": "personalisation"}
    assert made("stories", "personalisation").withheld(name) == {}


def test_of_a_segment_that_nobody_documented_no_consent_is_known() -> None:
    assert made("personalisation").withheld("walkers") == {"person.city": "personalisation"}


def test_only_variables_that_the_copy_uses_count() -> None:
    brand = made()
    assert unconsented(brand, "hikers", ["Hello {person.first_name}"]) == {}
    texts = ["Hello {person.first_name}", "Walks near {person.city}"]
    assert unconsented(brand, "hikers", texts) == {"person.city": "personalisation"}


def test_the_words_name_segment_consent_and_variables() -> None:
    missing = {"person.city": "personalisation", "person.form": "taste", "person.street": "personalisation"}
    assert lacks("hikers", missing) == (
        "segment hikers lacks consent personalisation for person.city, person.street and consent taste "
        "for person.form"
    )
