"""Hosts: whose they are, and whether they pose as another."""

import unicodedata
from collections.abc import Iterable

_FOLD = str.maketrans("015$@|!", "ols" + "sa" + "ll")
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_CONFUSABLE = {
    # Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, confusables.txt)
    **dict(zip("аеорсухіјѕһԁԛԝ", "aeopcyxijshdqw", strict=True)),
    **dict(zip("αοινρτυκ", "aoivptuk", strict=True)),
    **dict(zip("ıɡℓ", "igl", strict=True)),
}
_TWO_LEVELS = frozenset(
    [
        "co.uk",
        "org.uk",
        "me.uk",
        "ac.uk",
        "com.au",
        "net.au",
        "org.au",
        "co.nz",
        "co.jp",
        "co.kr",
        "co.in",
        "com.br",
        "com.mx",
        "com.tr",
        "co.za",
        "com.sg",
    ]
)


def belongs(host: str, hosts: Iterable[str]) -> bool:
    """Whether `host` is one of `hosts` or a subdomain of one."""
    return any(host == own or host.endswith(f".{own}") for own in hosts)


def registrable(host: str) -> str:
    """The part of a host that somebody registered: the last two labels, or three under co.uk and the like."""
    labels = host.split(".")
    count = 3 if ".".join(labels[-2:]) in _TWO_LEVELS else 2
    return ".".join(labels[-count:])


def looks_like(host: str, hosts: Iterable[str]) -> str:
    """The one of `hosts` that `host` poses as without being it; empty where it poses as none."""
    if not host or belongs(host, own := tuple(hosts)):
        return ""
    shown = _decoded(host)
    for known in own:
        domain = registrable(known)
        name = domain.partition(".")[0]
        other = registrable(shown).partition(".")[0]
        inside = len(name) > 3 and (f"{domain}." in f"{shown}." or name in _labels(shown))
        near = len(name) > 4 and 0 < _distance(_folded(other), _folded(name)) <= (2 if len(name) > 7 else 1)
        same = _folded(other) == _folded(name)
        if inside or near or same:
            return known
    return ""


def _labels(host: str) -> list[str]:
    """The names in a host, taken apart at dots and hyphens, without the ending."""
    return host.rpartition(".")[0].replace("-", ".").split(".")


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(_CONFUSABLE.get(c, c) for c in plain if not unicodedata.combining(c)).translate(_FOLD)
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain


def _distance(first: str, second: str) -> int:
    """Letters to insert, delete, change or swap to get from one to the other (at most 99 for long ones)."""
    if max(len(first), len(second)) > 64:
        return 99
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(second, 1):
            cost = min(row[-1] + 1, before[j] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == second[j - 2] and first[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
