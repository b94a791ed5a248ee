"""Who may judge: nobody their own municipality, and whoever assessed does not decide."""

from organisers.labels.dossier.dossier import Dossier
from organisers.labels.dossier.history import Actor
from organisers.labels.errors import AssessedByYou, OwnMunicipality
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
is_own_municipality = SQL.value("is_own_municipality", bool)
has_assessed = SQL.value("has_assessed", bool)


async def may_judge(tx: Executor, dossier: Dossier, by: Actor) -> OwnMunicipality | None:
    """Refused to who has a role in the municipality now, or worked on this dossier for it."""
    own = await is_own_municipality(tx, dossier.id, dossier.refnis, by.staff_id, by.at)
    return OwnMunicipality(dossier.name) if own else None


async def may_decide(tx: Executor, dossier: Dossier, by: Actor) -> OwnMunicipality | AssessedByYou | None:
    """Refused to who may not judge, and to who recorded any finding, also one that was replaced later."""
    refusal = await may_judge(tx, dossier, by)
    if refusal is not None:
        return refusal
    return AssessedByYou() if await has_assessed(tx, dossier.id, by.staff_id) else None
