"""The refusals of passes, cards and memberships."""

from uuid import UUID

from uit.core.errors import Refusal


class PassUnknown(Refusal, code="passes.pass_unknown", status=404):
    """The pass is not of this region, or its token was renewed."""


class PassNotActive(Refusal, code="passes.pass_not_active", status=409):
    """The card is blocked or replaced, or the membership has ended; the refusal does not say which."""


class NumberWrong(Refusal, code="passes.number_wrong", status=422):
    """The check digit of the number is wrong: a digit was typed or read wrong."""


class NameTooShort(Refusal, code="passes.name_too_short", status=422):
    """Each word of the name is one letter: so many begin with it that nobody is found."""


class AlreadyMember(Refusal, code="passes.already_member", status=409):
    """The person has a membership in the region already. For staff only."""

    membership_id: UUID


class Duplicate(Refusal, code="passes.duplicate", status=409):
    """Members of the region have the same name and birth date, and may be other persons. For staff only."""

    name: str
    membership_ids: tuple[UUID, ...]


class OtherPerson(Refusal, code="passes.other_person", status=409):
    """The national number is of a person with another birth date; the refusal does not say of whom."""


class ResumeFirst(Refusal, code="passes.resume_first", status=409):
    """Another region ended the person and has to take it back; the refusal does not say which or why."""


class MembershipOver(Refusal, code="passes.membership_over", status=409):
    """The membership ended by its last day: taken back, it would last longer than it was given for."""


class MembershipEnded(Refusal, code="passes.membership_ended", status=409):
    """A clerk ended the membership, or nobody used it: who lets it go on takes that back first."""


class HasCard(Refusal, code="passes.has_card", status=409):
    """The member has an active card of this kind; a lost card has to be replaced."""

    kind: str
