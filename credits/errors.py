"""What credit can be refused for. No refusal tells a balance: it may be read by a client."""

from datetime import date
from uuid import UUID

from uit.core.errors import Refusal


class NotEnough(Refusal, code="credits.not_enough", status=409):
    """The credit that fits does not cover the price. The resident's own page adds what there is."""

    price_cents: int


class BudgetSpent(Refusal, code="credits.budget_spent", status=409):
    programme: str


class AlreadyGranted(Refusal, code="credits.already_granted", status=409):
    """Once per programme year; a grant that was taken back does not count."""

    programme: str
    period: str


class GrantIdTaken(Refusal, code="credits.id_taken", status=409):
    """Under this id something else was granted, or to somebody else."""

    grant_id: UUID


class AlreadyAdmitted(Refusal, code="credits.already_admitted", status=409):
    """On a day, an organiser has one agreement with a programme."""


class NotEntitled(Refusal, code="credits.not_entitled", status=409):
    """The programme's rules do not fit this member on this day."""

    programme: str


class AlreadyReversed(Refusal, code="credits.already_reversed", status=409):
    pass


class CannotReverse(Refusal, code="credits.cannot_reverse", status=409):
    """Only money that is still there can go back: a grant that was spent, say, cannot."""


class TooLateToReverse(Refusal, code="credits.too_late_to_reverse", status=409):
    """The counter takes a mistaken grant back on the day it was given; later it is for the bookkeeping."""

    given_on: date


class NotFromProvider(Refusal, code="credits.not_from_provider", status=400):
    """A message whose signature is not the provider's, or that is too old. Nothing was stored."""
