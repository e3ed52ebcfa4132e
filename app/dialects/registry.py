"""Every dialect. A new one is a file in this folder, a line here and a column of the matrix."""

from app.dialects.dialect import Dialect
from app.dialects.jinja import Jinja
from app.errors import UsageError
from app.yaml12 import nearest

DIALECTS: dict[str, Dialect] = {dialect.id: dialect for dialect in (Jinja(),)}


def dialect(platform: str) -> Dialect:
    """The dialect of a platform. Raises UsageError for an unknown one, with the nearest known name."""
    found = DIALECTS.get(platform)
    if found is None:
        raise UsageError(f"there is no dialect '{platform}'", nearest(platform, DIALECTS))
    return found
