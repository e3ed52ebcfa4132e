"""The language models that the settings name: what writes, what is asked second, and what judges."""

from app.db.judgements import KeptJudgements
from app.db.store import Store
from app.generation.judging import JudgeModel
from app.llm.breaker import Breaker
from app.llm.protocol import LanguageModel, ModelProfile
from app.llm.scripted import judge_from_file
from app.settings import EMBEDDED, SCRIPTED, Settings


def build_model(settings: Settings, name: str, api_base: str | None, api_key: str | None) -> LanguageModel:
    """The model that `name` stands for, behind its circuit breaker."""
    if name == EMBEDDED:
        from app.llm.embedded import EmbeddedModel

        model: LanguageModel = EmbeddedModel(call_seconds=settings.model_call_seconds)
    elif name == SCRIPTED:
        from app.llm.scripted import from_file

        model = from_file(
            settings.content / "examples" / "scripted.yaml",
            seconds=settings.scripted_seconds,
            parallel=settings.model_parallel,
        )
    else:
        from app.llm.litellm_model import LitellmModel

        model = LitellmModel(
            name,
            _profile(settings),
            api_base=api_base,
            api_key=api_key,
            call_seconds=settings.model_call_seconds,
        )
    return Breaker(model, settings.breaker_seconds, patience=settings.model_call_seconds / 2)


def _profile(settings: Settings) -> ModelProfile:
    languages = frozenset(filter(None, (item.strip() for item in settings.model_languages.split(","))))
    style = "capable" if settings.model_style == "auto" else settings.model_style
    return ModelProfile(
        style=style,
        languages=languages or None,
        grammar=style == "small",
        logprobs=style == "small",
        parallel=settings.model_parallel,
    )


def profile_of(settings: Settings) -> ModelProfile:
    """The profile of the model that is asked first, without making it."""
    if settings.model == EMBEDDED:
        from app.llm.embedded import PROFILE

        return PROFILE
    return _profile(settings)


def check_model_names(settings: Settings) -> None:
    """Raises UsageError for a model that nobody knows. Loads litellm where it is used: that takes seconds."""
    bases = (
        (settings.model, settings.model_api_base),
        (settings.second_model, settings.second_model_api_base),
        (settings.judge_model, settings.judge_api_base),
    )
    for name, api_base in bases:
        if name not in ("", EMBEDDED, SCRIPTED):
            from app.llm.litellm_model import check_name

            check_name(name, api_base, (EMBEDDED, SCRIPTED))


def build_judge(settings: Settings, store: Store | None) -> JudgeModel | None:
    """The model that judges copy, where the settings name one; its answers are kept in `store`."""
    name, key = settings.judge_model, settings.judge_api_key
    if not name:
        return None
    if name == SCRIPTED:
        model: LanguageModel = judge_from_file(settings.content / "examples" / "scripted.yaml")
    else:
        secret = key.get_secret_value() if key else None
        asked = settings.model_copy(
            update={"model_style": "capable", "model_call_seconds": settings.judge_seconds}
        )
        model = build_model(asked, name, settings.judge_api_base, secret)
    kept = KeptJudgements(store.engine) if store is not None else None
    return JudgeModel(model, kept, seconds=settings.judge_seconds)
