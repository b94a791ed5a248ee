"""What a worker does for several payments at the same time."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

import structlog

log = structlog.get_logger()


async def do_at_once(work: Iterable[Coroutine[Any, Any, bool]]) -> int:
    """Do all of it; returns how much was done. What fails is logged, and holds up nothing else."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for each in outcomes:
        if isinstance(each, Exception):
            log.error("payment_step_failed", exc_info=each)
    return sum(each is True for each in outcomes)
