"""A municipality goes into another: the venues in it are in the new one."""

from uit.database.statements import Statements

SQL = Statements(__name__)

move_venues = SQL.command("move_venues")
