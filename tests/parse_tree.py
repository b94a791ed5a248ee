"""What PostgreSQL made of a statement once it knew every type: the functions behind its operators and casts.

The server prints the tree of each statement that it prepares (`debug_print_parse`); here it is read.
"""

import re
from collections.abc import Iterator
from typing import Any, Self

import asyncpg
from msgspec import Struct, field

PIECE = re.compile(r"[{}]|[^{}]+")
PLACE = re.compile(r":\w+")
FUNCTION = re.compile(r":(?:funcid|opfuncid) (\d+)")
TREE_ONLY = "SET client_min_messages TO log; SET debug_print_parse TO on; SET debug_pretty_print TO off"


class TreeNode(Struct):
    """`text` is what stands in the node itself; `place`: in which field of the node above."""

    place: str
    text: str = ""
    children: list[Self] = field(default_factory=list)

    def walk(self) -> Iterator[Self]:
        yield self
        for each in self.children:
            yield from each.walk()

    @property
    def function(self) -> int | None:
        """The function that it calls, as a call, an operator or a cast."""
        found = FUNCTION.search(self.text)
        return int(found[1]) if found else None

    @property
    def has_column(self) -> bool:
        return any(each.text.startswith("VAR ") for each in self.walk())


def read_tree(text: str) -> TreeNode:
    top = TreeNode("")
    above = [top]
    for piece in PIECE.findall(text):
        if piece == "{":
            place = PLACE.findall(above[-1].text)[-1:]
            above.append(TreeNode(place[0] if place else ""))
            above[-2].children.append(above[-1])
        elif piece == "}":
            above.pop()
        else:
            above[-1].text += piece
    return top


async def trees_of(dsn: str, texts: list[str]) -> list[TreeNode]:
    """The tree of each statement, as the owner of the tables prepares it."""
    printed: list[str] = []
    connection: asyncpg.Connection[Any] = await asyncpg.connect(dsn)
    try:
        await connection.execute(TREE_ONLY)
        connection.add_log_listener(lambda _, message: printed.append(message.detail or ""))
        found = []
        for text in texts:
            printed.clear()
            await connection.prepare(text)
            found.append(read_tree("".join(printed)))
    finally:
        await connection.close()
    return found


def mutable_on_columns(tree: TreeNode, mutable: set[int]) -> set[int]:
    """The functions among `mutable` that an UPDATE asks about a column, to set something or to choose."""
    return {
        node.function
        for query in tree.walk()
        if query.text.startswith("QUERY :commandType 2 ")
        for part in query.children
        if part.place in {":targetList", ":jointree"}
        for node in part.walk()
        if node.function in mutable and node.has_column
    }
