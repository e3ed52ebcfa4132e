"""Which wordings a fact's token fits in a language: a discount is no price, a price no saving.

For each role there is what must stand directly before or after the token (one of the two is enough) and what
may not, as patterns over folded text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.brief.facts import Role

NEVER = r"(?!)"


@dataclass(frozen=True)
class Wording:
    """What fits around the token of one role; `example` is shown as what would pass."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    wrong_before: re.Pattern[str]
    wrong_after: re.Pattern[str]
    example: str

    def fits(self, before: str, after: str) -> bool:
        """Whether the text around a token suits its role."""
        if self.wrong_before.search(before) or self.wrong_after.match(after):
            return False
        return bool(self.before.search(before) or self.after.match(after))


def wording(before: str, after: str, wrong_before: str, wrong_after: str, example: str) -> Wording:
    return Wording(
        re.compile(rf"(?:{before})$"),
        re.compile(rf"^(?:{after})"),
        re.compile(rf"(?:{wrong_before})$"),
        re.compile(rf"^(?:{wrong_after})"),
        example,
    )


@dataclass(frozen=True, eq=False)
class Roles:
    """The wordings of one language; names are judged by what may not stand around them."""

    wordings: Mapping[Role, Wording]
    name_wrong_before: re.Pattern[str]
    name_wrong_after: re.Pattern[str]
    name_kept: re.Pattern[str]
    """What may follow a name although something that is wrong stands before it."""
    name_example: str
    reduced_to: re.Pattern[str]
    """What calls a price reduced, directly before it."""
