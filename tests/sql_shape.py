"""SQL as PostgreSQL's own parser reads it: which tables a query names, and which region each of them is of.

`levels` cuts a statement into its queries. A query's region is *named* where it is a parameter, *tied* where
it is that of another table of the same statement, and *loose* where nothing says it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field
from pglast import ast as typed_ast
from pglast import parse_plpgsql, parse_sql
from pglast.enums import A_Expr_Kind, BoolExprType
from pglast.stream import RawStream

# By its types every field may be missing; which one is there, the grammar says.
ast: Any = typed_ast
Node: TypeAlias = Any

Binding = Literal["named", "tied", "loose"]
SCHEMAS = "uit|identity|vault|passes|organisers|labels|credits|reservations"
OWN_TYPE = re.compile(rf"\b(?:{SCHEMAS})\.\w+(?:%ROWTYPE)?(?:\[\])?")
VARIABLE = re.compile(r"\b(\w+) ([\w.]+(?:\[\])?)(?:\s*:=[^;]*)?;")
OF_A_ROW = re.compile(r"\b(?:new|old)\.\w+", re.IGNORECASE)
REGION = "region_id"
A_STATEMENT, AN_EXPRESSION = 0, 2
"""How PL/pgSQL reads a text; what is above these is an assignment."""


class Level(Struct):
    """One query: its tables by their alias, and what its conditions say is equal."""

    node: Node
    tables: dict[str, str] = field(default_factory=dict)
    equal: list[tuple[Node, Node]] = field(default_factory=list)

    @property
    def target(self) -> str | None:
        """The alias of the table that is written."""
        relation = getattr(self.node, "relation", None)
        return alias_of(relation) if isinstance(relation, ast.RangeVar) else None

    @property
    def writes(self) -> bool:
        return not isinstance(self.node, ast.SelectStmt)

    @property
    def locks(self) -> bool:
        return bool(getattr(self.node, "lockingClause", None))

    def bindings(self, regional: set[str], variables: Iterable[str] = ()) -> dict[str, Binding]:
        """How each table of a region is bound to one, by its alias."""
        wanted = {alias for alias, name in self.tables.items() if name in regional}
        found: dict[str, Binding] = dict.fromkeys(wanted, "loose")
        if self.target in wanted and isinstance(self.node, ast.InsertStmt):
            found[self.target] = self._inserted(variables)
        for left, right in self.equal:
            for here, there in ((left, right), (right, left)):
                alias = self._alias_of_region(here, wanted)
                if alias is None or found[alias] == "named":
                    continue
                if is_given(there, variables):
                    found[alias] = "named"
                elif is_a_region(there):
                    found[alias] = "tied"
        return found

    def _alias_of_region(self, node: Node, wanted: set[str]) -> str | None:
        match column(node):
            case (alias, "region_id") if alias in wanted:
                return alias
            case ("region_id",) if len(wanted) == 1:
                return next(iter(wanted))
            case _:
                return None

    def _inserted(self, variables: Iterable[str]) -> Binding:
        """How an INSERT says the region of its rows: of each the same way, or by nothing."""
        names = [each.name for each in self.node.cols or ()] or [REGION]
        if REGION not in names or self.node.selectStmt is None:
            return "loose"
        place = names.index(REGION)
        regions = [row[place] for row in rows_of(self.node.selectStmt)]
        if all(is_given(each, variables) for each in regions):
            return "named"
        return "tied" if all(is_a_region(each) for each in regions) else "loose"


def rows_of(source: Node) -> Iterator[tuple[Node, ...]]:
    """What an INSERT writes: a list of values, or what its SELECT says, of each part of a UNION."""
    if source.larg:
        yield from rows_of(source.larg)
        yield from rows_of(source.rarg)
    else:
        yield from source.valuesLists or [tuple(each.val for each in source.targetList or ())]


def levels(statement: Node, above: frozenset[str] = frozenset()) -> Iterator[Level]:
    """Every query of a statement, those inside it included. `above`: names of WITH that are no tables."""
    clause = getattr(statement, "withClause", None)
    known = above | {each.ctename for each in clause.ctes} if clause else above
    for each in clause.ctes if clause else ():
        yield from levels(each.ctequery, known)
    if isinstance(statement, ast.SelectStmt) and statement.larg:
        yield from levels(statement.larg, known)
        yield from levels(statement.rarg, known)
        return
    level, inner = Level(statement), list[Node]()
    gather(level, statement, known, inner)
    yield level
    for query in inner:
        yield from levels(query, known)


def gather(level: Level, node: Any, known: frozenset[str], inner: list[Node]) -> None:
    for each in children(node):
        match each:
            case ast.SelectStmt() | ast.InsertStmt() | ast.UpdateStmt() | ast.DeleteStmt():
                inner.append(each)
            case ast.WithClause() | ast.LockingClause():
                pass
            case ast.RangeVar():
                if each.schemaname or each.relname not in known:
                    level.tables[alias_of(each)] = f"{each.schemaname or 'public'}.{each.relname}"
            case _:
                if isinstance(each, ast.JoinExpr):
                    level.equal += equalities(each.quals)
                gather(level, each, known, inner)
    if node is level.node:
        level.equal += equalities(getattr(node, "whereClause", None))


def children(node: Any) -> Iterator[Any]:
    if isinstance(node, tuple | list):
        yield from (each for each in node if each is not None)
    elif isinstance(node, ast.Node):
        yield from (each for name in node if isinstance(each := getattr(node, name), ast.Node | tuple | list))


def walk(node: Any) -> Iterator[Node]:
    for each in children(node):
        if isinstance(each, ast.Node):
            yield each
        yield from walk(each)


def equalities(condition: Node | None) -> list[tuple[Node, Node]]:
    """What must be equal for a condition to hold."""
    match condition:
        case ast.BoolExpr(boolop=BoolExprType.AND_EXPR):
            return [pair for each in condition.args for pair in equalities(each)]
        case ast.A_Expr(kind=A_Expr_Kind.AEXPR_OP) if condition.name[-1].sval == "=":
            left, right = condition.lexpr, condition.rexpr
            if isinstance(left, ast.RowExpr) and isinstance(right, ast.RowExpr):
                return list(zip(left.args, right.args, strict=True))
            return [(left, right)]
        case _:
            return []


def alias_of(table: Node) -> str:
    return str(table.alias.aliasname if table.alias else table.relname)


def column(node: Node | None) -> tuple[str, ...]:
    """The parts of a column's name; nothing for what is no column."""
    if not isinstance(node, ast.ColumnRef):
        return ()
    return tuple(each.sval for each in node.fields if isinstance(each, ast.String))


def is_a_region(node: Node | None) -> bool:
    """The region of some row, or of whichever of two is there."""
    if isinstance(node, ast.CoalesceExpr):
        return all(is_a_region(each) for each in node.args)
    return column(node)[-1:] == (REGION,)


def is_given(node: Node | None, variables: Iterable[str]) -> bool:
    """A parameter, a literal, `p_region`, or the region of a row that a function has in its hands."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    if isinstance(node, ast.ParamRef | ast.A_Const):
        return True
    match column(node):
        case ("p_region",):
            return True
        case (record, "region_id"):
            return record in variables
        case _:
            return False


def parse(text: str) -> list[Node]:
    return [each.stmt for each in parse_sql(text)]


class Body(Struct, frozen=True):
    """A function in PL/pgSQL: its queries, and the names of records it holds, `new` and `old` among them."""

    queries: list[Node]
    records: set[str]


def read_body(source: str, parameters: Iterable[str] = (), *, returns: str = "void") -> Body:
    """Take the body of a function apart. Types of ours mean nothing to the parser, and nothing here."""
    declared, begin, rest = source.partition("BEGIN")
    named = ", ".join(f"{each} text" for each in parameters)
    text = f"CREATE FUNCTION f({named}) RETURNS {returns} LANGUAGE plpgsql AS $body$"
    tree = parse_plpgsql(f"{text}{OWN_TYPE.sub('text', declared)}{begin}{rest}$body$")
    queries = [query for each in inside(tree, "PLpgSQL_expr") for query in as_queries(each)]
    records = {str(each.get("refname")).lower() for each in inside(tree, "PLpgSQL_rec")} | {"new", "old"}
    return Body(queries, records)


def types_declared(source: str) -> dict[str, str]:
    """The types of the variables of a function, by their name."""
    return dict(VARIABLE.findall(source.partition("BEGIN")[0]))


def written_out(query: Node, types: dict[str, str]) -> str:
    """A query of a function with a NULL of its type for each variable, so that a server can prepare it."""
    names = "|".join(map(re.escape, types)) or "$^"
    text = OF_A_ROW.sub("NULL", RawStream()(query))
    return re.sub(rf"(?<![\w.'])(?:{names})(?![\w.(])", lambda found: f"NULL::{types[found[0]]}", text)


def inside(tree: Any, kind: str) -> Iterator[Any]:
    if isinstance(tree, dict):
        if kind in tree:
            yield tree[kind]
        tree = tree.values()
    elif not isinstance(tree, list):
        return
    for each in tree:
        yield from inside(each, kind)


def as_queries(expression: dict[str, Any]) -> list[Node]:
    text, mode = expression["query"], expression.get("parseMode", A_STATEMENT)
    if mode == A_STATEMENT:
        return parse(text)
    if mode > AN_EXPRESSION:
        _, _, text = text.partition(":=")
    return parse(f"SELECT {text}")
