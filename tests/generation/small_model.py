"""A scripted stand-in for a small model: several lines a request, each with its log-probabilities."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import ModelError
from app.llm.protocol import Choice, Completion, ModelProfile, Request

PROFILE = ModelProfile(style="small", languages=frozenset({"en"}), grammar=True, logprobs=True, parallel=1)
SURE = (-0.3, -0.4, -0.2, -0.3)
FIELDS = {
    "label": ("Come back outside", "Plan a walk", "Find a quiet path"),
    "subject": ("The hills have missed your boots", "A quiet path is waiting"),
    "preheader": (
        "Come back outside with us and take the long way home.",
        "Take a slow walk and see what the season has done.",
    ),
}


class SmallModel:
    """Answers each field with its lines in turn; a ModelError among them is raised."""

    name = "small"
    profile = PROFILE

    def __init__(
        self,
        fields: Mapping[str, Sequence[str]] = FIELDS,
        *,
        logprobs: tuple[float, ...] = SURE,
        finished: bool = True,
        error: ModelError | None = None,
    ) -> None:
        self._fields = fields
        self._logprobs = logprobs
        self._finished = finished
        self._error = error
        self.requests: list[Request] = []

    def as_sent(self, request: Request) -> dict[str, Any]:
        """Everything that a server would get."""
        return request.model_dump(mode="json", exclude={"purpose"})

    async def complete(self, request: Request) -> Completion:
        """As many choices as asked for."""
        self.requests.append(request)
        if self._error is not None:
            raise self._error
        lines = self._fields[request.purpose.field or ""]
        choices = tuple(
            Choice(text=lines[n % len(lines)], finished=self._finished, logprobs=self._logprobs)
            for n in range(request.choices)
        )
        return Completion(choices=choices, model=self.name, prompt_tokens=100, completion_tokens=80)

    async def close(self) -> None:
        """Nothing to let go of."""
