"""What routes ask for by type: the Service, who asks, what serves, new ids.

They take what they need from the request itself: a chain of dependencies costs more than most answers.
"""

import asyncio
from typing import Annotated, cast

from fastapi import Depends, Header, Query, Request

from app.api.ids import KEY_PATTERN, Ids
from app.caller import Caller, Identity, caller_for
from app.generation.judging import Asking, from_threads
from app.release.serving import Serving
from app.service import Service


def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


async def service_of(request: Request) -> Service:
    """The process's Service."""
    return _service(request)


async def serving_of(request: Request) -> Serving:
    """The content that serves, asked for once a request."""
    state = request.state
    if not hasattr(state, "serving"):
        state.serving = _service(request).contents.now()
    return cast(Serving, state.serving)


async def caller_of(request: Request) -> Caller:
    """Who asks: the middleware has looked the key up before the route was found."""
    caller = caller_for(cast(Identity, request.state.identity), await serving_of(request))
    request.state.caller = caller
    return caller


async def anybody_of(request: Request) -> Caller | None:
    """Who asks where no key is needed: None for nobody."""
    if getattr(request.state, "identity", None) is None:
        return None
    return await caller_of(request)


async def model_asker(request: Request) -> None:
    """Counts a request that asks a model against the key's limit for those."""
    request.app.state.model_rate.take(request.state.identity.key_id)


async def asking_of(request: Request) -> Asking | None:
    """The model that judges copy, for code that runs in a thread; None where none is set up."""
    service = _service(request)
    judge = service.generation.judge
    if judge is None:
        return None
    prompts = (await serving_of(request)).prompts
    return from_threads(judge, prompts, asyncio.get_running_loop(), service.settings.request_seconds)


async def judge_asker(request: Request) -> None:
    """Counts a request whose copy a model judges against the same limit, where one is set up."""
    if _service(request).generation.judge is not None:
        await model_asker(request)


async def ids_of(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            pattern=KEY_PATTERN,
            description="A name of your own for this request, such as a UUID. Sent again within 24 hours "
            "with the same body it gets the same answer, and nothing is done twice.",
        ),
    ] = None,
) -> Ids:
    """Ids for the rows that a request creates: the same ones when it is run again after a crash."""
    kept = getattr(request.state, "kept_id", None)
    return Ids(kept if idempotency_key is not None else None)


ServiceDep = Annotated[Service, Depends(service_of)]
ServingDep = Annotated[Serving, Depends(serving_of)]
AskingDep = Annotated[Asking | None, Depends(asking_of)]
CallerDep = Annotated[Caller, Depends(caller_of)]
AnybodyDep = Annotated[Caller | None, Depends(anybody_of)]
AsksModel = Depends(model_asker)
AsksJudge = Depends(judge_asker)
NewIds = Annotated[Ids, Depends(ids_of)]
Repeatable = Depends(ids_of)
"""For an operation that creates something and asks for no ids: it takes an Idempotency-Key all the same."""
BrandQuery = Annotated[str | None, Query(max_length=60, description="Only this brand", examples=["larkfell"])]
