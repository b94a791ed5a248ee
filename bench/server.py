"""The web server of the bench: one process without a worker, which ends when standard input closes."""

import asyncio
import sys

import uvloop

from uit.core.settings import read_settings
from uit.entrypoints.serve import serving


async def main() -> None:
    async with serving(read_settings()):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    uvloop.run(main())
