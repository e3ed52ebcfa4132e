"""The sample brand, once for all tests of emails."""

import pytest

from app.brand.brand import Brand
from tests.emails.sample import sample_brand


@pytest.fixture(scope="session")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    return sample_brand(tmp_path_factory.mktemp("brand"))
