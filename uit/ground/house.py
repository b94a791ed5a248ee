"""What a handler works with: opened at the start of a process, handed to every route as `house`."""

from dataclasses import dataclass

from uit.ground.cache import Cache
from uit.ground.clock import Clock
from uit.ground.database import Database
from uit.ground.ids import Ids
from uit.ground.mail import Mailer
from uit.ground.region import Regions
from uit.ground.secret import Secrets
from uit.ground.settings import Settings


@dataclass(frozen=True)
class House:
    """One dependency and not eight: the framework resolves several in a task group, which a booking would pay for."""

    settings: Settings
    database: Database
    cache: Cache
    clock: Clock
    ids: Ids
    secrets: Secrets
    regions: Regions
    mailer: Mailer
