"""Shouting: whole lines in capitals, words and signs repeated, letters set apart, runs of symbols and emoji.

It reads the original text, since folding undoes what it looks for. How much of it a brand allows is `voice`'s
business; what is refused here is what mail filters and readers take for spam, whatever the brand.
"""

import itertools
import operator
import re
from collections.abc import Iterator

from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import masked
from app.guardrails.rulebook import has_any, words_of
from app.guardrails.wordless import blank_wordless
from app.verdicts.reports import Family, Finding

FEWEST_CAPITALS = 5
"""Words in capitals from which on a line shouts; fewer are a call to action, a name or an emphasis."""
FEWEST_LETTERS = 4
"""Letters set apart from which on a word is spelled out."""
FEWEST_JOINED = 6
"""The same where signs join the letters: shorter ones are abbreviations ("R.S.V.P.") or play ("L-O-V-E")."""
_HYPE = frozenset(
    {"free", "sale", "sales", "cash", "save", "deal", "deals", "offer", "money", "prize", "bonus"}
)
Span = tuple[int, int]
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LIST_SIGN = re.compile(r"\s*[,/|·•+&]\s*(?:and|or|und|oder|et|ou|y|e)?\s*")
_NUMBERED = re.compile(r"[^\w]*\d[\d.]*[^\w]*")
_MARKS = re.compile(r"(?:[!?¡¿！？❗❓❕❔]\ufe0f?\s?){3,}|[‼⁉⁈⁇][!?！？‼⁉⁈⁇]+")
_COUNTED = re.compile(r"[!！❗]")
_SYMBOLS = re.compile(r"([$€£¥₿#=~+<>^%&@•●■◆►▶→➜✓✔✅✗♥♦*|¤§°¦«»-])(?:\s?\1){2,}")
_ANY_SIGN = re.compile(r"[!?]|[$#=~+<>^%&@*|-]\s?[$#=~+<>^%&@*|-]")
"""What a line of ASCII has that `_MARKS`, `_COUNTED` or `_SYMBOLS` finds."""
_STARS = re.compile(r"[★☆✦✶✨]{2,}")
_RULERS = frozenset("-=~*•·")
"""Signs of which three or more draw a line or mark a break; they count only next to words."""
_EMOJI = (
    r"(?:[\U0001f1e6-\U0001f1ff]{2}"
    r"|[\U0001f300-\U0001faff\u2600-\u2604\u2607-\u27bf\u2b00-\u2bff\u231a-\u23ff]"
    r"[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d[\u2600-\u27bf\U0001f300-\U0001faff]"
    r"[\ufe0f\U0001f3fb-\U0001f3ff]*)*)"
)
_EMOJI_RUN = re.compile(rf"(?:{_EMOJI} ?){{3,}}")
_ONE_EMOJI = re.compile(_EMOJI)
_MOST_EMOJI = 5
_APART = re.compile(r"(?<![^\W_])[^\W\d_](?:([ .\-_*·~|/]) {0,3}[^\W\d_](?![^\W_])){3,}")
_INTERJECTIONS = words_of(
    (
        "ha he hi ho hee haw ah oh la na no so bla blah cha hip hey knock tick tock drip plop choo",
        "woof moo yes wow ding dong beep tap pat very really many far again bye ja nein non oui si",
        "ni tra clap chop",
    )
)
"""Words that are said several times in a row in ordinary speech."""
_MOST_SAID = 5
"""How often in a row even such a word is too much."""
_CHEERS = words_of(("wow yes ja oui si",))
_MOST_CHEERED = 4
"""The same for a cheer with nothing between."""
_LONGEST_CHANT = 4
_LEAST_CHANTED = 3
"""How often in a row several words ("buy now") may not stand."""
_PAIRED = words_of(("and by after or to on in upon und oder fur um et ou par y e o por en op na",))
"""Words that pair a word with itself: "step by step by step"."""
_SUNG = words_of(("haw blah bla cha hip choo tra",))
"""Words that laughter, songs and trains say as often as they like."""
_NO_CHANT = _PAIRED | _SUNG
_IDIOMS = re.compile(r"\b(?:location|duran|bora|pago|walla|baden|new york|yo-yo|chop)\b", re.IGNORECASE)


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every way in which the text shouts, once each."""
    text = masked(piece.text)
    known = context.rulebook.own_words | words_of(context.names | context.competitors)
    words = [m for m in _WORD.finditer(blank_wordless(text)) if not (known and has_any(m[0], known))]
    said = [word[0] for word in words]
    for span, message in (
        *_capitals(text, words, said),
        *_repeated(text, words, said),
        *_repeated_words(text, words),
        *_apart(text),
        *_alternating(words, said),
        *_signs(text, piece.field),
    ):
        yield GUARDRAIL.finding(piece, span, message, "say it once, in ordinary letters")


def _loud(word: str) -> bool:
    return word.isupper() and len(word) > 1


def _capitals(text: str, words: list[re.Match[str]], said: list[str]) -> Iterator[tuple[Span, str]]:
    """A run of words in capitals, or a line that has them all over. Single letters belong to either side."""
    if sum(map(str.isupper, said)) < FEWEST_CAPITALS:
        return
    loud = [word for word in words if _loud(word[0])]
    if len(loud) < FEWEST_CAPITALS:
        return
    run: list[re.Match[str]] = []
    for word in [*words, None]:
        if word is not None and (_loud(word[0]) or (len(word[0]) == 1 and run)):
            run.append(word)
            continue
        row = [item for item in run if _loud(item[0])]
        if len(row) >= FEWEST_CAPITALS and not _is_list(text, row):
            yield (row[0].start(), row[-1].end()), f"{len(row)} words in capitals in a row shout"
            return
        run = []
    long = sum(len(word[0]) > 3 for word in loud)  # shorter ones may be acronyms
    if long > 2 and 2 * len(loud) >= len(words) and not _is_list(text, loud):
        yield (loud[0].start(), loud[-1].end()), f"{len(loud)} of {len(words)} words in capitals shout"


def _is_list(text: str, words: list[re.Match[str]]) -> bool:
    """Whether short words in capitals stand in a list, as acronyms and sizes do ("USB, HDMI, VGA and SD")."""
    gaps = [text[before.end() : after.start()] for before, after in itertools.pairwise(words)]
    listed = sum(bool(_LIST_SIGN.fullmatch(gap) or _NUMBERED.fullmatch(gap)) for gap in gaps)
    return listed >= len(gaps) - 1 and all(len(word[0]) <= 5 for word in words)


def _repeated(text: str, words: list[re.Match[str]], said: list[str]) -> Iterator[tuple[Span, str]]:
    """A word again and again: twice in capitals, three times with nothing or shouts between, else four."""
    start, said = 0, [word.casefold() for word in said]
    if not any(map(operator.eq, said, said[1:])):
        return
    for index in range(1, len(words) + 1):
        if index < len(words) and said[index] == said[start]:
            continue
        same, start = words[start:index], index
        if len(same) < 2:
            continue
        word = same[0][0]
        most = _MOST_CHEERED if word.lower() in _CHEERS else _MOST_SAID
        known = word.lower() in _INTERJECTIONS and (len(same) < most or word.lower() in _SUNG)
        if len(word) < 3 or known or _IDIOMS.search(word):
            continue
        between = text[same[0].start() : same[-1].end()]
        fewest = 4 if "," in between or "." in between else 3
        shouted = all(_loud(item[0]) for item in same) and not re.search(r"[,.;:]", between)
        if len(same) >= fewest or shouted:
            yield (same[0].start(), same[-1].end()), f"'{word}' stands {len(same)} times in a row"


def _repeated_words(text: str, words: list[re.Match[str]]) -> Iterator[tuple[Span, str]]:
    """Two to four words said again and again ("buy now buy now buy now"); songs and "bit by bit" aside."""
    said, start = [word[0].casefold() for word in words], 0
    if not any(_may_chant(said, length) for length in range(2, _LONGEST_CHANT + 1)):
        return
    while start < len(said):
        length = next((n for n in range(2, _LONGEST_CHANT + 1) if _is_chant(said, start, n)), 0)
        if not length:
            start += 1
            continue
        end = start + length * _LEAST_CHANTED
        while said[end : end + length] == said[start : start + length]:
            end += length
        span, times = (words[start].start(), words[end - 1].end()), (end - start) // length
        start = end
        if not re.search(r"[\n;:]", text[slice(*span)]):
            shown = text[words[end - length].start() : span[1]]
            yield span, f"'{shown}' stands {times} times in a row"


def _may_chant(said: list[str], length: int) -> bool:
    """Whether so many words somewhere stand three times in a row."""
    same = bytes(map(operator.eq, said, said[length:]))
    return b"\x01" * (length * (_LEAST_CHANTED - 1)) in same


def _is_chant(said: list[str], start: int, length: int) -> bool:
    """Whether words stand three times in a row, differ, and are neither sung nor a pair."""
    phrase = said[start : start + length]
    if said[start : start + length * _LEAST_CHANTED] != phrase * _LEAST_CHANTED:
        return False
    return (
        len(set(phrase)) > 1
        and _NO_CHANT.isdisjoint(phrase)
        and not all(word in _INTERJECTIONS for word in phrase)
    )


def _apart(text: str) -> Iterator[tuple[Span, str]]:
    """A word with its letters set apart. Dotted abbreviations and pieces of the alphabet are none."""
    for match in _APART.finditer(text):
        letters = [character for character in match[0] if character.isalpha()]
        codes = [ord(letter.lower()[0]) for letter in letters]  # İ becomes two characters
        alphabet = all(later - earlier == 1 for earlier, later in itertools.pairwise(codes))
        joined = match[1] != " " and len(letters) < FEWEST_JOINED and "".join(letters).lower() not in _HYPE
        if len(letters) >= FEWEST_LETTERS and not alphabet and not joined:
            yield match.span(), f"'{match[0]}' has its letters set apart"


def _alternating(words: list[re.Match[str]], said: list[str]) -> Iterator[tuple[Span, str]]:
    """Words in which small and capital letters take turns ("mUd SeAsOn"); one alone may be a name."""
    turning = [
        word
        for word, letters in zip(words, said, strict=True)
        if not (letters.islower() or letters.istitle())
        and len(letters) > 2
        and all(a.isupper() != b.isupper() for a, b in itertools.pairwise(letters))
    ]
    if len(turning) > 1:
        yield (turning[0].start(), turning[-1].end()), "small and capital letters take turns"


def _signs(text: str, field: str) -> Iterator[tuple[Span, str]]:
    """Marks, symbols and emoji in a row; in a short field also marks all over it."""
    if text.isascii() and not _ANY_SIGN.search(text):
        return
    marks = [match.span() for match in _MARKS.finditer(text)]
    for span in marks:
        yield span, "three or more exclamation or question marks in a row"
    counted = [match.start() for match in _COUNTED.finditer(text)] if field != "body" and not marks else []
    if len(counted) >= 3:
        yield (counted[0], counted[-1] + 1), f"{len(counted)} exclamation marks in one line"
    for match in _SYMBOLS.finditer(text):
        beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        if match[1] not in _RULERS or (beside.strip() and match[1] in "*=~") or match[1] == "=":
            yield match.span(), f"'{match[0]}' is a run of symbols"
    if text.isascii():
        return
    if len(stars := list(_STARS.finditer(text))) > 1:
        yield (stars[0].start(), stars[-1].end()), "runs of stars round the words"
    runs = [match.span() for match in _EMOJI_RUN.finditer(text) if not _STARS.fullmatch(match[0].strip())]
    for start, end in runs:
        yield (start, start + len(text[start:end].rstrip())), "three or more emoji in a row"
    emoji = [match.span() for match in _ONE_EMOJI.finditer(text)]
    if not runs and len(emoji) >= _MOST_EMOJI and len(emoji) * 2 >= len(text.split()):
        yield (emoji[0][0], emoji[-1][1]), f"{len(emoji)} emoji in one line"


GUARDRAIL = Guardrail(
    id="shouting",
    family=Family.BRAND,
    categories=("shouting_spam",),
    summary="No lines in capitals, words or marks repeated, letters set apart, or runs of symbols and emoji",
    source="house rule; what spam filters score (Apache SpamAssassin's rules on subjects)",
    check=check,
)
