"""A municipality goes into another: the areas of programmes, and the tills at its counter."""

from uit.database.statements import Statements

SQL = Statements(__name__)

add_area_versions = SQL.command("add_area_versions")
move_tills = SQL.command("move_tills")
