"""The author of acts at the counter of a region, with the municipalities whose members they may see."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from uit.database.statements import Executor
from uit.services.audit import Author
from uit.services.look import Look, Purpose, write_looks

LOOKS: Final[dict[str, Purpose]] = {
    "person.read": "details",
    "person.copy": "copy",
    "person.print": "copy",
    "booking.read_all": "credit",
    "credit.read": "credit",
    "help.read": "help",
}
"""The acts of staff that are a look at somebody, each with what for."""


class Counter(Author, frozen=True):
    """`towns` are the REFNIS codes of the municipalities whose members they may see; None: every one."""

    towns: tuple[str, ...] | None = None

    def sees(self, refnis: str | None) -> bool:
        return self.towns is None or refnis in self.towns

    async def note(
        self,
        tx: Executor,
        act: str,
        subject_kind: str,
        subject_id: UUID | int | str,
        **facts: str | int | bool | None,
    ) -> None:
        """Write an act to the trail; one of LOOKS also where the person reads which service looked."""
        await Author.note(self, tx, act, subject_kind, subject_id, **facts)
        if act in LOOKS and isinstance(subject_id, UUID) and self.actor_kind == "staff":
            await self._look(tx, subject_id, LOOKS[act])

    async def note_search(self, tx: Executor, by: str, people: Iterable[UUID]) -> None:
        """Write down whom a list showed, and by what they were found."""
        shown = " ".join(map(str, dict.fromkeys(people)))
        await Author.note(self, tx, "person.search", "region", self.region_id, by=by, people=shown)

    async def note_look(self, tx: Executor, person_id: UUID, purpose: Purpose) -> None:
        """Write down a look at somebody for another purpose than the page of a person has."""
        await Author.note(self, tx, "person.read", "person", person_id)
        await self._look(tx, person_id, purpose)

    async def _look(self, tx: Executor, person_id: UUID, purpose: Purpose) -> None:
        town = self.towns[0] if self.towns and len(self.towns) == 1 else ""
        seen = Look(self.ids.new(), person_id, self.now, "counter", town, purpose)
        await write_looks(tx, self.region_id, [seen])
