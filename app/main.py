"""The composition root: builds models, libraries, store and engine from Settings, and runs the main job."""

import contextlib
import datetime as dt
import importlib.metadata
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.contents import content_cache, open_contents
from app.copywriting.desk import Desk
from app.copywriting.revising import Revised, keep_brief
from app.db.briefs import Briefs
from app.db.content import ContentStore
from app.db.drafts import Drafts
from app.db.engine import DatabaseOptions, is_there
from app.db.store import Store, open_store
from app.errors import ContentError, StorageError, UsageError
from app.generation.engine import Demand, Settled, SlotDone
from app.generation.judging import Asking
from app.generation.pattern import thin_patterns
from app.generation.plan import SlotJob, load_brief, plan
from app.generation.service import Generation
from app.generation.summary import Summary, summarise
from app.guardrails.rulebook import RuleBook
from app.language_models import build_judge, build_model, profile_of
from app.llm.protocol import LanguageModel
from app.outputs import rendering_problems
from app.prompts.library import PromptLibrary
from app.release.library import ContentLibrary, load_library
from app.release.published import ContentRoot, published_root
from app.settings import SCRIPTED, Settings
from app.yaml12 import nearest

if TYPE_CHECKING:
    from app.brand.brand import Brand
    from app.emails.qa.email import EmailUnderTest
    from app.generation.check_door import CheckDoor


def version() -> str:
    """The installed version of Copydesk."""
    return importlib.metadata.version("copydesk")


def build_models(settings: Settings) -> tuple[LanguageModel, ...]:
    """The model, and the second one where the settings name it. Their names are not looked up."""
    key = settings.model_api_key.get_secret_value() if settings.model_api_key else None
    models = [build_model(settings, settings.model, settings.model_api_base, key)]
    if settings.second_model:
        second = settings.second_model_api_key
        secret = second.get_secret_value() if second else None
        models.append(build_model(settings, settings.second_model, settings.second_model_api_base, secret))
    return tuple(models)


def build_generation(settings: Settings, store: Store) -> Generation:
    """Generation with the models that the settings name. Their names are not looked up."""
    return Generation(
        build_models(settings),
        store,
        samples=settings.samples,
        engine=version(),
        judge=build_judge(settings, store),
    )


def library_for(settings: Settings, brand_id: str, *, sealed: bool = True) -> ContentLibrary:
    """One brand with its approved content."""
    return load_library(settings.content / "brand", settings.content / "blocks", brand_id, sealed=sealed)


@dataclass(frozen=True)
class Generated:
    """A finished run: every slot with its answer, and the summary of it."""

    settled: tuple[Settled, ...]
    summary: Summary
    library: ContentLibrary
    as_of: dt.datetime
    root: ContentRoot


@dataclass(frozen=True)
class Planned:
    """A brief that was read and checked, ready to be answered."""

    library: ContentLibrary
    jobs: tuple[SlotJob, ...]
    root: ContentRoot


def served_root(settings: Settings) -> ContentRoot:
    """Where the content lies that serves, as the settings say. Raises StorageError.

    A database that does not exist yet has published nothing, and is not made for this.
    """
    url = settings.database.get_secret_value()
    if settings.content_from == "folder" or not is_there(url):
        return ContentRoot(settings.content)
    with contextlib.closing(open_settings_store(settings)) as store:
        return published_root(ContentStore(store.engine), content_cache(settings), settings.content)


def plan_brief(settings: Settings, path: Path, root: ContentRoot | None = None) -> Planned:
    """Read a brief and all that it refers to under `root`, or the content folder.

    Raises ContentError or UsageError before any model is asked.
    """
    from app.brand.loader import brand_ids

    root = root or ContentRoot(settings.content)
    brief, document = load_brief(path, brand_ids(root.path / "brand"))
    library = load_library(root.path / "brand", root.partials, brief.brand)
    planned = Planned(library, tuple(plan(brief, document, library)), root)
    prompts = PromptLibrary(root.path / "prompts")
    problems = prompts.problems() + (prompts.judge_problems() if settings.judge_model else [])
    problems += rendering_problems(library, root.partials)
    if problems:
        raise ContentError(problems)
    return planned


def store_brief(settings: Settings, store: Store, planned: Planned, by: str) -> Revised:
    """Keep the planned brief: new, or as a new revision where its content differs. `by` may be empty."""
    return keep_brief(desk_of(settings, store), planned.jobs[0].brief, planned.library, by=by)


def desk_of(settings: Settings, store: Store, asking: Asking | None = None) -> Desk:
    """What the verbs of copywriting work with, for the length of one command."""
    return Desk(Briefs(store.engine), Drafts(store.engine), open_contents(settings, store).now(), asking)


async def answer_brief(
    settings: Settings,
    planned: Planned,
    store: Store,
    models: tuple[LanguageModel, ...],
    *,
    demand: Demand | None = None,
    on_done: Callable[[SlotDone], None] | None = None,
) -> Generated:
    """Answer every slot of a planned brief. Raises StorageError when the store refuses."""
    started = time.monotonic()
    prompts = PromptLibrary(planned.root.path / "prompts")
    library = planned.library
    demand = replace(demand or Demand(), content_version=planned.root.version)
    generation = Generation(
        models, store, samples=settings.samples, engine=version(), judge=build_judge(settings, store)
    )
    try:
        settled = await generation.run(library, prompts, planned.jobs, demand, on_done=on_done)
    finally:
        await generation.close()
    wall = time.monotonic() - started
    thin = thin_patterns(planned.jobs, library, models[0].profile)
    summary = summarise(settled, models[0].name, wall, thin=thin)
    return Generated(tuple(settled), summary, library, planned.jobs[0].as_of, planned.root)


def prepare_output(out: Path) -> None:
    """Make the folder for the results, before anything is asked or stored. Raises StorageError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise StorageError(
            f"the results cannot be written to {out}: {error.strerror}", "choose a writable folder"
        ) from error


def write_outputs(generated: Generated, out: Path) -> Path:
    """Write previews, summary.json and the report page into `out`, a folder; returns the page's path.

    Raises StorageError; what the run stored is kept.
    """
    from app.outputs import write_all

    try:
        (out / "summary.json").write_text(
            generated.summary.model_dump_json(indent=2) + "\n", encoding="utf-8"
        )
        return write_all(
            generated.settled,
            generated.summary,
            generated.library,
            partials=generated.root.partials,
            out=out,
            version=version(),
        )
    except OSError as error:
        hint = "the drafts are stored: run the same command again, and finished slots are not asked again"
        raise StorageError(f"the results were not written to {out}: {error.strerror}", hint) from error


def open_settings_store(settings: Settings) -> Store:
    """The store that the settings name. Raises StorageError."""
    return open_store(settings.database.get_secret_value(), database_options(settings))


def database_options(settings: Settings) -> DatabaseOptions:
    """How the settings say that the database is used."""
    return DatabaseOptions(
        pool_size=settings.database_pool_size,
        pool_overflow=settings.database_pool_overflow,
        pool_seconds=settings.database_pool_seconds,
        recycle_seconds=settings.database_recycle_seconds,
        connect_seconds=settings.database_connect_seconds,
        statement_seconds=settings.database_statement_seconds,
        lock_seconds=settings.database_lock_seconds,
        migrate=settings.migrate_on_start,
    )


def example_brief(settings: Settings, name: str) -> Path:
    """A brief of examples/ by its name without suffix. Raises UsageError for others."""
    folder = settings.content / "examples"
    known = sorted(item.stem for item in folder.glob("*.yaml") if item.stem != SCRIPTED)
    if name not in known:
        raise UsageError(f"there is no example brief '{name}'", nearest(name, known))
    return folder / f"{name}.yaml"


@dataclass(frozen=True)
class NewBrief:
    """A starter brief that was written: its file, and where approved examples are too few for the model."""

    path: Path
    thin: tuple[str, ...]


def new_brief(settings: Settings, journey: str, brand_id: str | None, out: Path | None) -> NewBrief:
    """Write a starter brief for a journey of a brand, into a file that did not exist before.

    Raises UsageError for an unknown name or a file that exists, ContentError when the brand cannot use it,
    and StorageError when the file cannot be written.
    """
    from app.generation.starters import known_journey, starter

    known_journey(journey)
    brands = brands_of(settings, brand_id)
    if len(brands) > 1:
        raise UsageError("there is more than one brand", f"say which: --brand {' or --brand '.join(brands)}")
    path = out or Path(f"{brands[0]}_{journey}.yaml")
    library = library_for(settings, brands[0])
    templates = settings.content / "examples" / "starters"
    made = starter(library, templates, journey, now=dt.datetime.now(dt.UTC), file=str(path))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(made.text)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already", "choose another file with --out") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}", "choose another --out") from error
    return NewBrief(path, tuple(thin_patterns(made.jobs, library, profile_of(settings))))


def moment(text: str | None) -> dt.datetime:
    """The moment that `--as-of` names, in UTC where it has no zone; now when nothing is given."""
    if text is None:
        return dt.datetime.now(dt.UTC)
    try:
        parsed = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"'{text}' is no moment", "ISO 8601, such as 2026-11-27 or 2026-11-27T09:00:00-05:00"
        ) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)


def brands_of(settings: Settings, only: str | None) -> list[str]:
    """The brands under brand/, or the one asked for. Raises UsageError when there is none."""
    from app.brand.loader import brand_ids

    known = brand_ids(settings.content / "brand")
    if only is not None and only not in known:
        raise UsageError(f"there is no brand '{only}'", nearest(only, known))
    if not known:
        raise UsageError(
            f"there is no brand in {settings.content / 'brand'}",
            "a folder with brand.yaml and its other files",
        )
    return [only] if only is not None else known


def describe_brand(settings: Settings, brand_id: str) -> list[str]:
    """What the brand holds besides rules and copy, one line an entry; nothing when it does not load."""
    from app.brand.describe import describe
    from app.brand.loader import load_brand

    try:
        return list(describe(load_brand(settings.content / "brand", brand_id)))
    except ContentError:
        return []


def check_door(
    settings: Settings,
    brand_id: str | None,
    locale: str | None,
    market: str | None,
    as_of: dt.datetime,
    *,
    asking: Asking | None = None,
) -> "CheckDoor":
    """The front door for any copy, with one brand's rules or with all packs alone.

    Raises UsageError for a locale that the brand does not write; without one it is the brand's first.
    """
    from app.brand.loader import load_brand
    from app.brand.packs import load_packs
    from app.generation.check_door import CheckDoor, written_locale

    if brand_id is not None:
        brands_of(settings, brand_id)
        brand = load_brand(settings.content / "brand", brand_id)
        return CheckDoor(RuleBook.of(brand), written_locale(brand, locale), market, as_of, asking=asking)
    packs = load_packs(settings.content / "brand")
    rulebook = RuleBook.of_packs(tuple(rule for pack in packs.values() for rule in pack.rules))
    return CheckDoor(rulebook, locale or "en-US", market, as_of, asking=asking)


def finished_emails(
    settings: Settings, path: Path, brand_id: str | None, locale: str | None, given: Mapping[str, Any]
) -> "dict[str, EmailUnderTest]":
    """The emails under `path` by name, with what their brand expects; `given` replaces parts of them.

    Raises UsageError for a path without emails, for a brand or locale that nobody knows, and for parts that
    are given to several emails at once.
    """
    from app.emails.qa.reader import emails_under, for_account, for_brand

    found = emails_under(path)
    if len(found) > 1 and given.keys() & {"subject", "preheader", "text"}:
        raise UsageError(f"{path} holds {len(found)} emails", "one email where --subject or --text is given")
    emails = {}
    for item in found:
        email, known = replace(item.email, **given), brand_id or item.brand_id
        expected = locale or item.locale
        if known:
            (name,) = brands_of(settings, known)
            brand = _brand_in(settings, name, expected)
            email = for_brand(email, brand, expected)
            account = brand.accounts.get(item.account_id)
            if account is not None:
                email = for_account(email, account)
        emails[item.name] = replace(email, locale=expected or None)
    return emails


def _brand_in(settings: Settings, brand_id: str, locale: str) -> "Brand":
    """The brand as a locale has it; as its first locale has it without one."""
    from app.brand.loader import load_brand

    brand = load_brand(settings.content / "brand", brand_id)
    if locale and locale not in brand.identity.locales:
        raise UsageError(
            f"brand '{brand_id}' does not write '{locale}'", nearest(locale, brand.identity.locales)
        )
    return brand.localised(locale or brand.identity.locales[0])
