"""The refusals of dossiers and decisions."""

from datetime import date
from typing import Literal
from uuid import UUID

from uit.core.errors import Refusal


class NoCriteria(Refusal, code="labels.no_criteria", status=409):
    """No criteria or no procedure were adopted yet."""


class AlreadyOpen(Refusal, code="labels.already_open", status=409):
    dossier_id: UUID


class DossierUnknown(Refusal, code="labels.dossier_unknown", status=404):
    dossier_id: UUID


class NotYours(Refusal, code="labels.not_yours_now", status=409):
    """The dossier is in a state in which the municipality may not change it."""

    state: str


class Incomplete(Refusal, code="labels.incomplete", status=422):
    """`missing` has the texts of the questions without an answer."""

    missing: tuple[str, ...]


class NotUnderReview(Refusal, code="labels.not_under_review", status=409):
    """The dossier was not submitted yet, or was handed over already."""

    state: str


class GroundMissing(Refusal, code="labels.ground_missing", status=422):
    questions: tuple[str, ...]


class QuestionMissing(Refusal, code="labels.question_missing", status=422):
    pass


class FindingsMissing(Refusal, code="labels.findings_missing", status=422):
    questions: tuple[str, ...]


class OwnMunicipality(Refusal, code="labels.own_municipality", status=403):
    municipality: str


class AssessedByYou(Refusal, code="labels.assessed_by_you", status=403):
    pass


class NotAssessed(Refusal, code="labels.not_assessed", status=409):
    state: str


class KindNotAsked(Refusal, code="labels.kind_not_asked", status=409):
    kind: Literal["day", "stay"]


class ReasonsMissing(Refusal, code="labels.reasons_missing", status=422):
    pass


class DeviationUnexplained(Refusal, code="labels.deviation_unexplained", status=422):
    """The ruling (granted, refused) differs from the computed outcome (met, not_met, cannot_decide)."""

    ruling: str
    computed: str


class NotifiedTooEarly(Refusal, code="labels.notified_too_early", status=422):
    notified_on: date


class AlreadyDecided(Refusal, code="labels.already_decided", status=409):
    kind: Literal["day", "stay"]
    ruling: str


class AwardUnknown(Refusal, code="labels.award_unknown", status=404):
    pass


class AlreadyWithdrawn(Refusal, code="labels.already_withdrawn", status=409):
    number: str
    withdrawn_on: date
