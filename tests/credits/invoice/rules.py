"""What a request for an invoice is held to: the schemas of UBL 2.1, the rules of EN 16931, and Peppol's own.

`tools/invoice-rules` fetches the schemas and the rules of EN 16931. Peppol's are in no package: those about
what we write are in `peppol.py`.
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

import xmlschema
from elementpath import XPath2Parser, XPathContext, XPathToken, get_node_tree

from tests.credits.invoice.peppol import broken_rules

CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
RULES: Final = CACHE / "uit" / "invoice-rules-1"
UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:Common"
NAMES: Final = {"cac": f"{UBL}AggregateComponents-2", "cbc": f"{UBL}BasicComponents-2"}
SCHEMATRON: Final = "{http://purl.oclc.org/dsdl/schematron}"


class Rule(NamedTuple):
    """`context` finds the nodes that it is about; each test has to hold for each of them."""

    context: XPathToken
    tests: list[tuple[str, XPathToken]]


@cache
def schema(root: str) -> xmlschema.XMLSchema:
    assert RULES.exists(), "The rules for invoices are not there: run tools/invoice-rules, as make test does."
    return xmlschema.XMLSchema(RULES / "maindoc" / f"UBL-{root}-2.1.xsd")


@cache
def patterns() -> list[list[Rule]]:
    document = ET.parse(RULES / "CEN-EN16931-UBL.sch")  # noqa: S314  a file that we pinned
    names = {each.get("prefix", ""): each.get("uri", "") for each in document.iter(f"{SCHEMATRON}ns")}
    parser = XPath2Parser(names)
    return [
        [rule_of(parser, rule) for rule in pattern.iter(f"{SCHEMATRON}rule")]
        for pattern in document.iter(f"{SCHEMATRON}pattern")
    ]


def rule_of(parser: XPath2Parser, rule: ET.Element) -> Rule:
    context = " | ".join(
        branch if branch.startswith("/") else f"//{branch}" for branch in branches(rule.get("context", ""))
    )
    tests = [
        (each.get("id", ""), parser.parse(each.get("test", "")))
        for each in rule.iter(f"{SCHEMATRON}assert")
        if each.get("flag") == "fatal"
    ]
    return Rule(parser.parse(context), tests)


def branches(context: str) -> Iterator[str]:
    """The paths of a union, where those within brackets are no branches."""
    depth, start = 0, 0
    for at, letter in enumerate(context):
        depth += (letter in "[(") - (letter in "])")
        if letter == "|" and depth == 0:
            yield context[start:at].strip()
            start = at + 1
    yield context[start:].strip()


def problems_of(document: bytes) -> list[str]:
    """What the schema and the rules do not allow. Of a pattern, the first rule about a node judges it."""
    root = ET.fromstring(document)  # noqa: S314  our own
    name = root.tag.rpartition("}")[2]
    found = [f"{each.path}: {each.reason}" for each in schema(name).iter_errors(root)] + broken_rules(root)
    tree = get_node_tree(ET.ElementTree(root), {"": root.tag[1:].partition("}")[0], **NAMES})
    for pattern in patterns():
        judged: set[int] = set()
        for rule in pattern:
            nodes = [each for each in rule.context.select(XPathContext(tree)) if id(each) not in judged]
            judged.update(map(id, nodes))
            found += [label for node in nodes for label in broken(rule, tree, node)]
    return found


def broken(rule: Rule, tree: Any, node: Any) -> Iterator[str]:
    for label, test in rule.tests:
        if not test.boolean_value(list(test.select(XPathContext(tree, item=node)))):
            yield label
