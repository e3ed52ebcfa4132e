"""How well the guardrails do on labelled copy: `scripts/score [DIR...] [--misses] [--json]`.

A line that breaks a rule is caught when a finding that blocks has one of its labels. A clean line is refused
when a finding that blocks has a category that its `also_ok` does not allow. Shares come with Wilson's 95%
interval (E. B. Wilson, 1927).
"""

import argparse
import datetime as dt
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.brand.packs import load_packs
from app.generation.check_door import CheckDoor
from app.guardrails.fold import fold, shadows
from app.guardrails.matcher import Matcher, Wording
from app.main import check_door
from app.settings import Settings, content_root

CORPUS = content_root() / "tests" / "corpus"
AS_OF = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
KEYS = ("id", "text", "field", "facts")
PARAPHRASE = "paraphrase"
BARS: dict[str, tuple[float, float]] = {
    "claims": (0.85, 0.05),
    "grounding": (0.97, 0.02),
    "safety": (0.97, 0.02),
    "evasions: character classes": (0.99, 0.01),
    "evasions: paraphrases": (0.60, 1.0),
    "multilingual": (0.80, 0.04),
    "subjects_real": (0.85, 0.03),
}
"""What each row has to reach: at least so many violations caught, at most so many clean lines refused."""


@dataclass(frozen=True)
class Line:
    """One labelled line with what the guardrails made of it."""

    row: str
    data: dict[str, Any]
    blocking: frozenset[str]
    rules: tuple[str, ...]

    @property
    def labels(self) -> frozenset[str]:
        """What has to be flagged; empty for a clean line."""
        return frozenset(self.data["labels"])

    @property
    def right(self) -> bool:
        """Whether it was caught, or let pass, as it should be."""
        if self.labels:
            return bool(self.labels & self.blocking)
        return self.blocking <= frozenset(self.data.get("also_ok", ()))


@dataclass
class Share:
    """So many of so many."""

    count: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        """Count one more."""
        self.count += hit
        self.of += 1

    @property
    def value(self) -> float:
        """The share; nothing of nothing is 0."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval at 95%."""
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.959964, self.of, self.value
        middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:6.1%} ({low:.1%} to {high:.1%}; {self.count} of {self.of})" if self.of else "-"


@dataclass
class Row:
    """The two shares of one row, and recall per category."""

    caught: Share = field(default_factory=Share)
    refused: Share = field(default_factory=Share)
    recall: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))

    def add(self, line: Line) -> None:
        """Count one line."""
        if not line.labels:
            self.refused.add(not line.right)
            return
        self.caught.add(line.right)
        for label in line.labels:
            self.recall[label].add(label in line.blocking)


def row_of(name: str, data: dict[str, Any]) -> str:
    """The row of a line: its file, and for disguises which sort."""
    if name != "evasions":
        return name
    paraphrased = data.get("evasion") == PARAPHRASE
    return f"evasions: {'paraphrases' if paraphrased else 'character classes'}"


def judged(folder: Path, door: CheckDoor) -> Iterator[Line]:
    """Every labelled line of the folder's files that belong to a row."""
    rows = {name.split(":")[0] for name in BARS}
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in rows:
            continue
        for raw in path.read_text(encoding="utf-8").splitlines():
            data = json.loads(raw)
            result = door.check_item({key: data[key] for key in KEYS if key in data})
            blocking = [item for item in result.findings if item.severity == "block"]
            found = frozenset(item.category for item in blocking)
            yield Line(row_of(path.stem, data), data, found, tuple(item.rule for item in blocking))


def memorised(lines: Sequence[Line]) -> tuple[int, int]:
    """Phrases of the packs that stand in exactly one line of the corpus, and all phrases."""
    texts = [f" {fold(line.data['text']).text} " for line in lines]
    packs = load_packs(content_root() / "brand").values()
    phrases = {fold(phrase).text for pack in packs for rule in pack.rules for phrase in rule.phrases}
    once = sum(sum(phrase in text for text in texts) == 1 for phrase in phrases)
    return once, len(phrases)


def learned_by_heart(lines: Sequence[Line]) -> tuple[int, int]:
    """Frames of the packs that match exactly one line that breaks a rule, and all frames."""
    packs = load_packs(content_root() / "brand").values()
    frames = [
        Wording(id=f"{rule.id}#{number}", message="", frames=(frame,), exceptions=rule.exceptions)
        for pack in packs
        for rule in pack.rules
        for number, frame in enumerate(rule.frames)
    ]
    matcher, held = Matcher(frames), Counter[str]()
    for line in lines:
        if line.labels:
            hits = matcher.hits(shadows(line.data["text"]))
            held.update({hit.rule.id for hit in hits})
    return sum(held[frame.id] == 1 for frame in frames), len(frames)


def table(rows: dict[str, Row]) -> Iterator[str]:
    """The table of the rows, each with what it has to reach."""
    yield f"{'row':30} {'caught':38} {'bar':>5}   {'clean lines refused':36} {'bar':>5}"
    for name, (least, most) in BARS.items():
        if name not in rows:
            continue
        row = rows[name]
        marks = "" if row.caught.value >= least else " MISSED", "" if row.refused.value <= most else " MISSED"
        bar = f"{most:5.0%}" if most < 1 else "     "
        yield f"{name:30} {row.caught!s:38} {least:5.0%}{marks[0]:7} {row.refused!s:36} {bar}{marks[1]}"


def per_category(rows: Iterable[Row]) -> Iterator[str]:
    """Recall per category over all rows."""
    total: dict[str, Share] = defaultdict(Share)
    for row in rows:
        for label, share in row.recall.items():
            total[label].count += share.count
            total[label].of += share.of
    for label in sorted(total, key=lambda item: total[item].value):
        yield f"{label:30} {total[label]}"


def wrong(lines: Sequence[Line]) -> Iterator[str]:
    """Every line that was not judged as labelled."""
    for line in lines:
        if not line.right:
            what = f"missed {sorted(line.labels)}" if line.labels else "refused"
            got = Counter(line.rules)
            text = (
                line.data["text"].encode("unicode_escape").decode()
                if not line.data["text"].isprintable()
                else line.data["text"]
            )
            yield f"{line.row} {line.data['id']} {what}, got {dict(got)}: {text} {line.data.get('facts', '')}"


def main() -> int:
    """Print the tables; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[CORPUS])
    parser.add_argument("--misses", action="store_true", help="list the lines that were judged wrongly")
    given = parser.parse_args()
    door = check_door(Settings(), None, "en-US", None, AS_OF)
    lines = [line for folder in given.folders for line in judged(folder, door)]
    rows: dict[str, Row] = defaultdict(Row)
    for line in lines:
        rows[line.row].add(line)
    print("\n".join([*table(rows), "", *per_category(rows.values())]))
    once, phrases = memorised(lines)
    share = once / max(phrases, 1)
    print(f"\nphrases that stand in one line only: {once} of {phrases} ({share:.0%}; at most 10%)")
    once, frames = learned_by_heart(lines)
    print(f"frames that hold for one line only: {once} of {frames} ({once / max(frames, 1):.0%})")
    if given.misses:
        print("\n".join(["", *wrong(lines)]))
    met = all(
        rows[name].caught.value >= least and rows[name].refused.value <= most
        for name, (least, most) in BARS.items()
        if name in rows
    )
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
