"""What a pass can be refused for."""

from uuid import UUID

from uit.core.errors import Refusal


class PassUnknown(Refusal, code="passes.pass_unknown", status=404):
    """Not a pass of this region, or a token that was made worthless by a newer one."""


class PassNotActive(Refusal, code="passes.pass_not_active", status=409):
    """Blocked, replaced, or of a membership that ended. Says no more than that."""


class NumberWrong(Refusal, code="passes.number_wrong", status=422):
    """Thirteen digits that do not add up: one of them was typed or read wrong."""


class AlreadyMember(Refusal, code="passes.already_member", status=409):
    """For staff only: the membership that this person has in the region already."""

    membership_id: UUID


class Duplicate(Refusal, code="passes.duplicate", status=409):
    """For staff only: members of the region with the same name and birth date. Maybe they are another."""

    name: str
    membership_ids: tuple[UUID, ...]


class OtherPerson(Refusal, code="passes.other_person", status=409):
    """The national register number is known, of somebody with another birth date. It does not say of whom."""


class HasCard(Refusal, code="passes.has_card", status=409):
    """One active card of a kind is enough; a lost one is replaced."""

    kind: str
