"""`python -m uit distribute`: the statements that spread the tables over Citus nodes."""

from argparse import Namespace

from uit.core.settings import Settings
from uit.database.distribute import read_statements


async def run(settings: Settings, _given: Namespace) -> int:
    print("\n".join(await read_statements(settings.owner_url)))
    return 0
