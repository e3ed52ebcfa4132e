"""Who is meant by the author of a block: a file names a person by address or by name, in any capitals."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Authors:
    """The people of the deployment, by whom authors are known. `people` are names by address."""

    people: Mapping[str, str] = field(default_factory=dict)

    def known(self, author: str) -> frozenset[str]:
        """The addresses of those whom the author of a block may mean: several people may have one name."""
        return self._meant.get(_plain(author), frozenset())

    def wrote(self, author: str) -> frozenset[str]:
        """Those who count as having written it; for an author who is nobody known, what the file says."""
        return self.known(author) or frozenset({_plain(author)})

    @cached_property
    def _meant(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for said, email in self._said():
            found.setdefault(_plain(said), set()).add(email)
        return {said: frozenset(emails) for said, emails in found.items()}

    def _said(self) -> Iterator[tuple[str, str]]:
        for email, name in self.people.items():
            yield email, email
            yield name, email


def _plain(said: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(said.split())).casefold()
