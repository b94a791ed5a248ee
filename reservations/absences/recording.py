"""Who did not come to a date, for its organiser alone: written when it is settled, kept for six months."""

from uit.database.statements import Statements

SQL = Statements(__name__)

record_absences = SQL.command("record_absences")
