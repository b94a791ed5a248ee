"""What a backup has to know of a database: the roles it names, and whether there is anything in it."""

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

VERSIONS_A_MAJOR = 10_000


class RoleStatement(Struct, frozen=True):
    """A statement that makes a role, sets it or gives it to another; it changes nothing where that is so."""

    statement: str


read_roles = SQL.many("read_roles", RoleStatement)
count_things = SQL.value("count_things", int)
server_version = SQL.value("server_version", int)


async def major_version(connection: Executor) -> int:
    """The major version of the server: 18."""
    return await server_version(connection) // VERSIONS_A_MAJOR


async def roles_script(connection: Executor) -> str:
    """The roles that own something here or were given a right, without passwords: a script to run again."""
    return "".join(f"{each.statement};\n" for each in await read_roles(connection))
