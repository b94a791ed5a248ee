"""What must hold of the books, and how a place where it does not is said."""

from uuid import UUID

from msgspec import Struct

from uit.database.statements import Many


class BookFault(Struct, frozen=True):
    """`subject_id` is what the invariant is about: a transfer, a purse, a till. Amounts in cents."""

    region_id: int
    subject_id: UUID
    expected_cents: int | None
    found_cents: int | None


class BrokenInvariant(Struct, frozen=True):
    """An invariant that does not hold for a row. `sentence` describes it for the operator."""

    invariant: str
    found: BookFault
    sentence: str

    def __str__(self) -> str:
        return self.sentence


class Invariant(Struct, frozen=True):
    violations: Many[BookFault]
    template: str

    def sentence(self, found: BookFault) -> str:
        return self.template.format(
            id=found.subject_id,
            region=found.region_id,
            expected=found.expected_cents,
            found=found.found_cents,
        )
