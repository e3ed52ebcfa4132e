"""Files of the pages' look and behaviour: one style sheet, small scripts. Each has its hash in its name, so
that browsers keep it for good and still get the new one.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    path: str
    body: bytes
    media_type: str


class Assets:
    """The files by the name that templates use, and by the path that browsers ask for."""

    def __init__(self, folder: Path) -> None:
        found = {file.name: _asset(file) for file in sorted(folder.iterdir()) if file.suffix in TYPES}
        self._by_name = found
        self._by_path = {asset.path: asset for asset in found.values()}

    def path(self, name: str) -> str:
        """Where `style.css` is served, with its hash. Raises KeyError for a file that is not there."""
        return self._by_name[name].path

    def at(self, path: str) -> Asset | None:
        """What is served at a path."""
        return self._by_path.get(path)


@cache
def load_assets() -> Assets:
    """The files of this package, read once."""
    return Assets(FOLDER)


def _asset(file: Path) -> Asset:
    body = file.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"{PREFIX}{file.stem}.{digest}{file.suffix}", body, TYPES[file.suffix])
