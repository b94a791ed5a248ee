"""What a handler works with: opened at the start of a process, handed to every route as `house`."""

from typing import dataclass_transform

from uit.ground.cache import Cache
from uit.ground.clock import Clock
from uit.ground.database import Database
from uit.ground.ids import Ids
from uit.ground.limit import Limiter
from uit.ground.mail import Mailer
from uit.ground.region import Regions
from uit.ground.secret import Secrets
from uit.ground.settings import Settings


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Furnished:
    """Takes its parts by name. Not a dataclass: of those the framework takes no subclass."""

    def __init__(self, **parts: object) -> None:
        vars(self).update(parts)


class House(Furnished):
    """One dependency, not nine: the framework resolves several in a task group, and a booking pays for it."""

    settings: Settings
    database: Database
    cache: Cache
    clock: Clock
    ids: Ids
    secrets: Secrets
    regions: Regions
    mailer: Mailer
    limiter: Limiter
