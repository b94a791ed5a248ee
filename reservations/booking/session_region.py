"""In which region a session lives."""

from uuid import UUID

from uit.database.pool import Database
from uit.database.statements import Statements

SQL = Statements(__name__)
region_of_session = SQL.value("region_of_session", int)

MOST_REMEMBERED = 100_000


class SessionRegions:
    """In which region a session lives: never changes, so a process remembers it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[UUID, int] = {}

    async def of(self, session_id: UUID) -> int | None:
        """The region of a session, None when there is no such session."""
        known = self._known.get(session_id)
        if known is not None:
            return known
        async with self._database.reading() as connection:
            region_id = await region_of_session(connection, session_id)
        if region_id is not None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[session_id] = region_id
        return region_id
