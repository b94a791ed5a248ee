"""What a handler works with: opened at the start of a process, handed to every route as `services`."""

from typing import dataclass_transform

from uit.core.clock import Clock
from uit.core.ids import Ids
from uit.core.secret import Secrets
from uit.core.settings import Settings
from uit.database.pool import Database
from uit.services.cache import Cache
from uit.services.limit import Limiter
from uit.services.mail import Mailer
from uit.services.region import Regions
from uit.services.vital_tasks import VitalTasks


@dataclass_transform(kw_only_default=True, frozen_default=True)
class PartsByName:
    """Takes its parts by name. Not a dataclass: of those the framework takes no subclass."""

    def __init__(self, **parts: object) -> None:
        vars(self).update(parts)


class Services(PartsByName):
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
    vital_tasks: VitalTasks
