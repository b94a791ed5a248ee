"""A municipality goes into another: who lives there, and for which municipality staff work."""

from datetime import datetime

from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

move_persons = SQL.command("move_persons")
move_roles = SQL.command("move_roles")
label_roles = SQL.value("label_roles", int)
add_label_roles = SQL.command("add_label_roles")


async def merge_people(tx: Executor, old: str, new: str, ids: Ids, now: datetime) -> tuple[int, int]:
    """Returns how many persons and roles follow. Who looks after labels keeps the dossiers of the old too."""
    persons = await move_persons(tx, old, new)
    roles = await move_roles(tx, old, new, now)
    wanted = await label_roles(tx, old, now)
    added = await add_label_roles(tx, old, new, now, [ids.new() for _ in range(wanted)])
    return persons, roles + added
