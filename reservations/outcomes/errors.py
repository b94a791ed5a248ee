"""Why an organiser cannot give longer to choose. The words stand in `templates/refusals/`."""

from uuid import UUID

from uit.core.errors import Refusal


class ChoiceOver(Refusal, code="reservations.choice_over", status=409):
    """Nothing is to be chosen of the date any more: what was left went back, or the date goes on."""

    session_id: UUID
