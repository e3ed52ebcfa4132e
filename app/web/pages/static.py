"""The style sheet and the scripts."""

from fastapi import APIRouter, Request, Response

from app.errors import NotFound
from app.web.assets import PREFIX, load_assets

router = APIRouter()


@router.get(PREFIX + "{name}")
async def static(request: Request, name: str) -> Response:
    """A file under its name with its hash, which browsers may keep for good."""
    asset = load_assets().at(request.url.path)
    if asset is None:
        raise NotFound(f"there is no file '{name[:100]}'")
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(asset.body, media_type=asset.media_type, headers=headers)
