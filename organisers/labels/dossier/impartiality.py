"""Impartiality: staff may not assess their own municipality, nor decide on a dossier that they assessed."""

from organisers.labels.dossier.dossier import Dossier
from organisers.labels.dossier.history import Actor
from organisers.labels.errors import AssessedByYou, OwnMunicipality
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
is_own_municipality = SQL.value("is_own_municipality", bool)
has_assessed = SQL.value("has_assessed", bool)


async def may_assess(tx: Executor, dossier: Dossier, by: Actor) -> OwnMunicipality | None:
    """OwnMunicipality for staff with a role in the municipality now, or who worked on this dossier for it."""
    own = await is_own_municipality(tx, dossier.id, dossier.refnis, by.staff_id, by.at)
    return OwnMunicipality(dossier.name) if own else None


async def may_decide(tx: Executor, dossier: Dossier, by: Actor) -> OwnMunicipality | AssessedByYou | None:
    """The refusal of `may_assess`, or AssessedByYou for staff who recorded a finding, also a replaced one."""
    refusal = await may_assess(tx, dossier, by)
    if refusal is not None:
        return refusal
    return AssessedByYou() if await has_assessed(tx, dossier.id, by.staff_id) else None
