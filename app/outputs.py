"""From the answers of a run to what people open: a preview email a segment, and the report page."""

from collections.abc import Sequence
from pathlib import Path

from app.blocks.registry import KINDS
from app.brief.models import Target
from app.dialects.dialect import Feature
from app.dialects.registry import DIALECTS
from app.emails.models import FilledSlot
from app.emails.preview import PreviewEmail, compose_preview, render_preview, write_preview
from app.emails.report_data import (
    ConfidencePart,
    RefusedLine,
    ReportData,
    SegmentReport,
    ShownConfidence,
    ShownStep,
    ShownVariant,
    SlotReport,
)
from app.emails.report_page import write_report
from app.errors import Problem, RenderError
from app.generation.engine import Settled
from app.generation.results import Kept, Refused
from app.generation.summary import Summary
from app.release.library import ContentLibrary
from app.verdicts.decisions import SENTENCES, Confidence, TraceStep
from app.yaml12 import nearest


def write_all(
    settled: Sequence[Settled],
    summary: Summary,
    library: ContentLibrary,
    *,
    partials: Path,
    out: Path,
    version: str,
) -> Path:
    """Write every preview and the report page; returns the page's path. Raises RenderError or OSError."""
    emails: dict[tuple[str, str], list[Settled]] = {}
    for item in settled:
        emails.setdefault((item.job.target.locale, item.job.segment.id), []).append(item)
    segments: list[SegmentReport] = []
    faults: list[str] = []
    for (locale, segment), items in emails.items():
        if items[0].job.stopped:  # the summary's warnings say which flag stops it
            continue
        folder = out / "emails" / locale / segment
        try:
            segments.append(_segment(items, library, partials=partials, folder=folder, out=out))
        except RenderError as error:
            faults.append(f"{locale} {segment}: {error.message}")
    brief = settled[0].job.brief
    data = ReportData(
        brand=library.brand.identity.name,
        brief=brief.name,
        journey=brief.journey.value,
        objective=brief.objective,
        message=brief.message,
        model=summary.model,
        as_of=settled[0].job.as_of,
        seconds=summary.wall_seconds,
        tokens=summary.tokens,
        calls=summary.calls,
        version=version,
        segments=tuple(segments),
        warnings=(*summary.warnings, *faults),
    )
    page = write_report(data, out)
    if faults:
        raise RenderError("; ".join(faults), f"the other emails are written: {page}")
    return page


def account_problems(library: ContentLibrary) -> list[Problem]:
    """Accounts at platforms that have no dialect, and confirmations of what is no feature of one."""
    brand, features = library.brand, [feature.value for feature in Feature]
    problems = []
    for account in brand.accounts.values():
        file = f"{brand.folder.parent.name}/{brand.id}/platforms/{account.id}.yaml"
        if account.platform not in DIALECTS:
            message = f"there is no dialect '{account.platform}'"
            problems.append(Problem(file, 0, 0, "platform", message, nearest(account.platform, DIALECTS)))
        problems += [
            Problem(
                file, 0, 0, "confirmed", f"'{item.feature}' is no feature", nearest(item.feature, features)
            )
            for item in account.confirmed
            if item.feature not in features
        ]
    return problems


def rendering_problems(library: ContentLibrary, partials: Path) -> list[Problem]:
    """What keeps an email of evergreen blocks, one of every kind, from being composed and rendered.

    One email a language is tried, in the first of the brand's locales with it.
    """
    accounts = account_problems(library)
    firsts = {locale.split("-")[0]: locale for locale in reversed(library.brand.identity.locales)}
    problems = accounts
    for locale in firsts.values():
        try:
            render_preview(_sample_email(library, locale, partials))
        except RenderError as error:
            message = f"no email can be composed in {locale}: {error.message}"
            problems.append(Problem(f"{partials.name}/", 0, 0, "", message, error.hint))
    return problems


def _sample_email(library: ContentLibrary, locale: str, partials: Path) -> PreviewEmail:
    """The evergreen blocks of the locale, with made-up links and a made-up feed."""
    brand = library.brand
    evergreen = [placed.block for placed in library.blocks if placed.block.evergreen]
    blocks = {block.kind: block for block in evergreen if locale in block.locales}
    home = f"https://{brand.identity.link_hosts[0]}/"
    price = {"kind": "money", "role": "price", "value": "10.00", "currency": "USD", "source": "sample"}
    moment = "2026-01-01T00:00:00Z"
    item = {"name": "Sample", "price": price, "link": home}
    target = Target.model_validate(
        {
            "locale": locale,
            "market": locale.rsplit("-", 1)[-1],
            "window": {"send_at": moment},
            "links": {"home": home},
            "feed": {"source": "sample", "observed_at": moment, "items": [item]},
        }
    )
    slots = [
        FilledSlot(
            kind=kind.id,
            copy_fields=dict(blocks[kind.id].copy_),
            link=home if kind.links else None,
            feed=target.feed if kind.feed else None,
        )
        for kind in KINDS.values()
        if kind.id in blocks
    ]
    return compose_preview(brand, "", "sample", target, target.fact_sheet(), slots, partials=partials)


def _segment(
    items: Sequence[Settled], library: ContentLibrary, *, partials: Path, folder: Path, out: Path
) -> SegmentReport:
    job = items[0].job
    preview = compose_preview(
        library.brand,
        job.brief.journey.value,
        job.segment.name,
        job.target,
        job.facts,
        [_filled(item) for item in items if item.answer.kept],
        partials=partials,
    )
    rendered = render_preview(preview)
    paths = write_preview(rendered, folder)
    return SegmentReport(
        id=job.segment.id,
        name=job.segment.name,
        audience=job.segment.audience,
        locale=job.target.locale,
        sender=library.brand.identity.name,
        subject=rendered.subject,
        preheader=rendered.preheader,
        html=paths.html.relative_to(out).as_posix(),
        text=paths.text.relative_to(out).as_posix(),
        mjml=paths.mjml.relative_to(out).as_posix(),
        slots=tuple(_slot(item) for item in items),
        warnings=rendered.warnings,
    )


def _filled(item: Settled) -> FilledSlot:
    request, target = item.job.request, item.job.target
    return FilledSlot(
        kind=item.job.kind.id,
        copy_fields=item.answer.kept[0].variant.copy_fields,
        link=target.links[request.link] if request.link else None,
        image=item.answer.image,
        feed=item.job.feed,
        products_from=item.job.request.products_from,
    )


def _slot(item: Settled) -> SlotReport:
    answer = item.answer
    decision = answer.decision
    specs = KINDS[item.job.kind.id].schema.specs()
    return SlotReport(
        kind=item.job.kind.id,
        outcome=decision.outcome.value,
        reason=decision.reason.value,
        sentence=decision.sentence,
        who_acts=decision.who_acts.value,
        generic=decision.generic,
        held=decision.held,
        block=decision.block,
        confidence=_confidence(decision.confidence),
        variants=tuple(_variant(kept, number == 0) for number, kept in enumerate(answer.kept)),
        refused=tuple(
            line
            for refused in answer.refused
            for line in _refused(refused, {n: s.label for n, s in specs.items()})
        ),
        trace=tuple(_step(step) for step in decision.trace),
        model=answer.kept[0].variant.model if answer.kept else "",
        asked=answer.asked,
        seconds=round(answer.seconds, 1),
        tokens=answer.tokens,
    )


def _confidence(value: Confidence | None) -> ShownConfidence | None:
    if value is None:
        return None
    parts = tuple(ConfidencePart(name=n, value=v, weight=w) for n, (v, w) in value.parts.items())
    return ShownConfidence(score=value.score, threshold=value.threshold, parts=parts)


def _variant(kept: Kept, chosen: bool) -> ShownVariant:
    source = kept.variant.model or (f"approved block {kept.variant.block}" if kept.variant.block else "")
    score = kept.confidence.score if kept.confidence else None
    return ShownVariant(fields=tuple(kept.variant.labelled()), chosen=chosen, source=source, confidence=score)


def _refused(refused: Refused, labels: dict[str, str]) -> list[RefusedLine]:
    """One line a finding; without findings, one line with the reason."""
    lines = []
    for finding in refused.findings:
        text = refused.fields.get(finding.field, " | ".join(refused.fields.values()))
        lines.append(
            RefusedLine(
                field=labels.get(finding.field, finding.field),
                text=text,
                rule=finding.rule,
                message=finding.message,
                suggestion=finding.suggestion,
                start=finding.start,
                end=finding.end,
            )
        )
    if not lines:
        field, text = next(iter(refused.fields.items()))
        label = labels.get(field, field)
        lines.append(RefusedLine(field=label, text=text, rule=refused.reason.value, message=refused.detail))
    return lines


def _step(step: TraceStep) -> ShownStep:
    return ShownStep(
        step=step.step.value,
        answered=step.answered,
        reason=step.reason.value,
        sentence=SENTENCES[step.reason][0],
        detail=step.detail,
    )
