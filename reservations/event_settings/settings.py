"""What an organiser said of the activity of a date."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)


class NameAsked(StrEnum):
    """By which name an organiser knows who books; the values are those of its form."""

    NONE = ""
    FIRST = "first"
    FULL = "full"


class EventSettings(Struct, frozen=True):
    """`is_discreet`: who goes may not want it known. `asks_first_name`: tickets say who comes.

    `asks_full_name` counts beside a first name alone.
    """

    event_id: UUID
    is_discreet: bool
    asks_first_name: bool
    asks_full_name: bool

    @property
    def asks(self) -> NameAsked:
        if not self.asks_first_name:
            return NameAsked.NONE
        return NameAsked.FULL if self.asks_full_name else NameAsked.FIRST


read_settings = SQL.one("read_settings", EventSettings)
