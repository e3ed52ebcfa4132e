"""Reading a request's body, within the time that the settings allow."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from app.http.errors import BodyTooSlow, MalformedRequest


async def read_body(request: Request) -> bytes:
    """The whole body. Raises BodyTooSlow, BodyTooLarge, MalformedRequest."""
    seconds = request.app.state.service.settings.body_seconds
    try:
        async with asyncio.timeout(seconds):
            return await request.body()
    except TimeoutError as error:
        raise BodyTooSlow(seconds) from error
    except ClientDisconnect as error:
        raise MalformedRequest("the connection ended before the body did") from error
