"""What a step in a dossier can be refused for. The words stand in `templates/refusals/`."""

from datetime import date
from typing import Literal
from uuid import UUID

from uit.core.errors import Refusal


class NoCriteria(Refusal, code="labels.no_criteria", status=409):
    """Nothing was adopted yet that a dossier could be judged on."""


class AlreadyOpen(Refusal, code="labels.already_open", status=409):
    dossier_id: UUID


class DossierUnknown(Refusal, code="labels.dossier_unknown", status=404):
    dossier_id: UUID


class NotYours(Refusal, code="labels.not_yours_now", status=409):
    """The dossier is in a state in which the municipality changes nothing."""

    state: str


class Incomplete(Refusal, code="labels.incomplete", status=422):
    """`missing` holds the questions without an answer, in plain words."""

    missing: tuple[str, ...]


class NotUnderReview(Refusal, code="labels.not_under_review", status=409):
    """The assessor works on a dossier that was submitted, and no longer once it was handed over."""

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
    """The ruling (granted, refused) differs from what the findings come to (met, not_met, cannot_decide)."""

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
