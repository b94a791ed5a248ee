"""`python -m uit example`: fills an empty database with the example."""

from argparse import Namespace

from uit.core.clock import SystemClock
from uit.core.settings import Settings
from uit.entrypoints.prepare import prepare
from uit.example import fill_example


async def run(settings: Settings, _given: Namespace) -> int:
    await prepare(settings)
    await fill_example(settings, SystemClock())
    print(f"The example is in: {settings.folder / 'example.json'}")
    return 0
