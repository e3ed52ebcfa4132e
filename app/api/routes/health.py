"""GET /healthz and /readyz: for what starts, watches and balances the processes."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from app.api.deps import AnybodyDep, ServiceDep, ServingDep
from app.api.route import Route
from app.brand.roles import Scope
from app.caller import Caller
from app.errors import Problem, StorageError
from app.http.errors import FieldProblem
from app.http.problems import MEDIA_TYPE
from app.release.serving import Serving
from app.service import Service

DATABASE_SECONDS = 2.0
router = APIRouter(route_class=Route, tags=["service"])


class Alive(BaseModel):
    """The process answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "alive", "version": "0.1.0"}]})

    status: str = "alive"
    version: str


class BrandState(BaseModel):
    """How one brand serves."""

    brand: str
    serves: bool = Field(description="Whether requests for it are answered")
    current: bool = Field(description="False when its files do not load and its last valid version serves")
    faults: tuple[FieldProblem, ...] = Field(
        default=(),
        description="What keeps its files from loading; only for keys with the scope operate on it",
    )


class Readiness(BaseModel):
    """Whether this process can answer, and what it answers with."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ready": True,
                    "version": "0.1.0",
                    "draining": False,
                    "database": "ok",
                    "content": {
                        "version": "",
                        "why": "nothing is published, so the folder of the settings serves",
                    },
                    "brands": [{"brand": "larkfell", "serves": True, "current": True, "faults": []}],
                }
            ]
        }
    )

    class Content(BaseModel):
        """Which content serves."""

        version: str = Field(description="Hash of the published version; empty when a folder serves")
        why: str
        faults: tuple[str, ...] = Field(
            default=(),
            description="What keeps another version, or a part of one, from serving; only for keys with "
            "the scope operate on every brand",
        )

    ready: bool
    version: str
    draining: bool = Field(description="Whether the process is ending and takes no new work")
    database: str = Field(description="`ok`, or what is wrong with it")
    content: Content
    brands: tuple[BrandState, ...]


@router.get("/healthz", operation_id="get_health", summary="Whether the process is alive")
async def get_health(service: ServiceDep) -> Alive:
    """Answers as long as the process can answer anything; asks nothing else."""
    return Alive(version=service.version)


@router.get(
    "/readyz",
    operation_id="get_readiness",
    summary="Whether the process can do its work",
    responses={
        503: {
            "model": Readiness,
            "description": "The database is not reachable, or the process is ending",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
    },
)
async def get_readiness(
    response: Response, service: ServiceDep, serving: ServingDep, caller: AnybodyDep
) -> Readiness:
    """The database, the content that serves and why, and each brand with its state."""
    database = await _database(service)
    draining = service.draining.begun
    ready = database == "ok" and not draining
    if not ready:
        response.status_code = 503
    return Readiness(
        ready=ready,
        version=service.version,
        draining=draining,
        database=database,
        content=Readiness.Content(
            version=serving.version,
            why=serving.why,
            faults=serving.faults if _operates_all(serving, caller) else (),
        ),
        brands=_brands(serving, caller),
    )


async def _database(service: Service) -> str:
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            problem = await run_in_threadpool(service.pulse.problem)
    except StorageError:
        return "cannot be reached"
    except TimeoutError:
        return f"did not answer within {DATABASE_SECONDS:g} s"
    return problem or "ok"


def _brands(serving: Serving, caller: Caller | None) -> tuple[BrandState, ...]:
    libraries = serving.libraries
    return tuple(
        BrandState(
            brand=brand,
            serves=brand in libraries.serving,
            current=brand not in libraries.faults,
            faults=_faults(libraries.faults.get(brand, ()))
            if caller and caller.may(brand, Scope.OPERATE)
            else (),
        )
        for brand in sorted(libraries.serving.keys() | libraries.faults.keys())
    )


def _operates_all(serving: Serving, caller: Caller | None) -> bool:
    """What keeps a version from serving may name any brand's files."""
    brands = serving.libraries.serving.keys() | serving.libraries.faults.keys()
    return caller is not None and all(caller.may(brand, Scope.OPERATE) for brand in brands)


def _faults(problems: Sequence[Problem]) -> tuple[FieldProblem, ...]:
    return tuple(
        FieldProblem(
            where="file",
            field=item.field,
            message=f"{item.file}: {item.message}",
            expected=item.expected,
            line=item.line or None,
            column=item.column or None,
        )
        for item in problems
    )
