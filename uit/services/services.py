"""The services of a process: opened when it starts, passed to every route as the dependency `services`."""

from collections.abc import Mapping
from typing import dataclass_transform
from uuid import UUID

from uit.core.clock import Clock
from uit.core.ids import Ids
from uit.core.secret import Secrets
from uit.core.settings import Settings
from uit.database.pool import Database
from uit.database.standby import Standby
from uit.database.watch import Watch
from uit.services.cache import Cache
from uit.services.clock_check import ClockCheck
from uit.services.limit import Limiter
from uit.services.mail import Mailer
from uit.services.region import Regions
from uit.services.text_message import Texter
from uit.services.vital_tasks import VitalTasks


@dataclass_transform(kw_only_default=True, frozen_default=True)
class PartsByName:
    """Takes its attributes as keywords. Not a dataclass: Litestar does not accept a subclass of one."""

    def __init__(self, **parts: object) -> None:
        vars(self).update(parts)


class Services(PartsByName):
    """One dependency instead of ten: Litestar resolves several in a task group, which slows each booking.

    `public_database`: for what anybody may read, so that no crowd of readers keeps connections from others.
    `texter`: None where no gateway for text messages is set.
    `standby`: where strangers read, if there is one.
    """

    settings: Settings
    database: Database
    public_database: Database
    standby: Standby | None
    watch: Watch
    cache: Cache
    clock: Clock
    clock_check: ClockCheck
    ids: Ids
    secrets: Secrets
    regions: Regions
    mailer: Mailer
    texter: Texter | None
    limiter: Limiter
    vital_tasks: VitalTasks

    def in_basket(self, cookies: Mapping[str, str], region_id: int, person_id: UUID | None) -> int:  # noqa: ARG002  a process that sells reads them
        """How much a visitor chose and did not book yet; nothing in a process that sells nothing."""
        return 0
