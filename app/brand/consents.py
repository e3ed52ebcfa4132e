"""Consents: which ones variables and segments may name, and what people are told where one is lacking."""

from collections.abc import Iterable, Iterator, Mapping

from app.brand.brand import Brand
from app.brand.models import Variables
from app.brand.segments import Segments
from app.errors import Problem
from app.tokens import token_names
from app.yaml12 import Document, Path_, nearest


def unconsented(brand: Brand, segment: str, texts: Iterable[str]) -> dict[str, str]:
    """The variables in `texts` that the segment lacks the consent for, each with that consent."""
    used = {name for text in texts for name in token_names(text)}
    return {name: consent for name, consent in brand.withheld(segment).items() if name in used}


def lacks(segment: str, missing: Mapping[str, str]) -> str:
    """Why variables are not used for a segment, in words; `missing` is variable to consent, not empty."""
    by_consent: dict[str, list[str]] = {}
    for variable, consent in missing.items():
        by_consent.setdefault(consent, []).append(variable)
    parts = (f"consent {consent} for {', '.join(names)}" for consent, names in by_consent.items())
    return f"segment {segment} lacks {' and '.join(parts)}"


def consent_problems(
    variables_file: Document, variables: Variables, segments_file: Document, segments: Segments
) -> Iterator[Problem]:
    """Consents that a variable, a list or a segment names and that variables.yaml does not declare."""
    known = [consent.id for consent in variables.consents]
    for index, variable in enumerate(variables.variables):
        if variable.consent is not None and variable.consent not in known:
            yield _unknown(variables_file, ("variables", index, "consent"), variable.consent, known)
    for index, listed in enumerate(variables.lists):
        if listed.consent is not None and listed.consent not in known:
            yield _unknown(variables_file, ("lists", index, "consent"), listed.consent, known)
    for index, segment in enumerate(segments.segments):
        for number, consent in enumerate(segment.consents):
            if consent not in known:
                yield _unknown(segments_file, ("segments", index, "consents", number), consent, known)


def _unknown(document: Document, at: Path_, name: str, known: list[str]) -> Problem:
    hint = nearest(name, known) if known else "declare it in variables.yaml under 'consents'"
    return document.problem(at, f"unknown consent '{name}'", hint)
