"""After a restore: who signed out and what link was used are as they were then, so all of them end."""

from uit.database.statements import Statements

SQL = Statements(__name__)

end_sign_ins = SQL.value("end_sign_ins", int)
last_act_at = SQL.value("last_act_at", str)
