"""Limits on how often one key may ask: token buckets in the memory of this process.

With several processes each has its own buckets, so that a key gets up to that many times the limit.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.http.errors import RateLimited

MOST_BUCKETS = 10_000


@dataclass
class _Bucket:
    tokens: float
    filled: float


@dataclass(frozen=True)
class Left:
    """What a key has left after a request."""

    limit: int
    remaining: int
    reset_seconds: int


class RateLimit:
    """`per_minute` requests on average, up to `burst` at once. 0 a minute means no limit."""

    def __init__(
        self, per_minute: int, burst: int, what: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._what = what
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key_id: str) -> Left | None:
        """Take one request from the key's bucket; None without a limit. Raises RateLimited."""
        if not self._rate:
            return None
        moment = self._clock()
        bucket = self._buckets.get(key_id)
        if bucket is None:
            bucket = self._buckets[key_id] = _Bucket(self._burst, moment)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        bucket.tokens = min(self._burst, bucket.tokens + (moment - bucket.filled) * self._rate)
        bucket.filled = moment
        if bucket.tokens < 1:
            wait = math.ceil((1 - bucket.tokens) / self._rate)
            raise RateLimited(f"{self._what} are used up", max(1, wait))
        bucket.tokens -= 1
        return Left(self._burst, int(bucket.tokens), math.ceil((self._burst - bucket.tokens) / self._rate))
