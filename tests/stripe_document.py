"""Stripe's own OpenAPI document: what our adapter sends and our peer answers has to be in it, by name.

`tools/stripe-openapi` fetches it. It describes version 2022-11-15; `credits/payments/stripe.py` tells why.
"""

import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from uit.core.clock import Clock
from uit.embedded.stripe_peer.form import decode_form
from uit.embedded.stripe_peer.peer import Exchange, StripePeer, running_peer

CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
DOCUMENT: Final = CACHE / "uit" / "stripe-openapi-1.3.17.json"
NAME: Final = "urn:stripe"
FORM: Final = "application/x-www-form-urlencoded"
# What says nothing about a value, or says it to people.
UNREAD: Final = {"description", "title", "nullable", "format", "x-expansionResources"}
# How a form writes what is no text.
IN_A_FORM: Final[dict[str, dict[str, Any]]] = {
    "integer": {"type": "string", "pattern": "^-?[0-9]+$"},
    "number": {"type": "string", "pattern": "^-?[0-9.]+$"},
    "boolean": {"enum": ["true", "false"]},
}
Schema = dict[str, Any]
Problem = jsonschema_rs.ValidationError
Kind = jsonschema_rs.ValidationErrorKind


class StripeDocument:
    """Checks exchanges with the API, and events. A parameter or field that it does not know is a problem."""

    def __init__(self, document: Schema) -> None:
        components = document["components"]["schemas"]
        strict_ones = {name: strict(schema) for name, schema in components.items()}
        self._registry = jsonschema_rs.Registry([(NAME, {"components": {"schemas": strict_ones}})])
        self._paths = [(pattern_of(path), path, verbs) for path, verbs in document["paths"].items()]
        self._objects = {
            schema["properties"]["object"]["enum"][0]: name
            for name, schema in components.items()
            if is_object(schema) and "deleted" not in schema["properties"]
        }
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def problems_of(self, exchange: Exchange) -> list[str]:
        """What the document does not know or allow of a request and its answer, each by its path."""
        request, response = exchange.request, exchange.response
        found = self._operation(request.method, request.path)
        answer = json.loads(response.body)
        if found is None:
            return [] if response.status == 404 else [f"{request.method} {request.path}: no such path"]
        name, operation = found
        sent = decode_form(request.body.decode() if request.method == "POST" else request.query)
        status = "200" if response.status == 200 else "default"
        answered = strict(operation["responses"][status]["content"]["application/json"]["schema"])
        return [
            *self._problems(f"request {name}", form_schema(operation), sent),
            *self._problems(f"answer {status} {name}", answered, answer),
        ]

    def problems_of_event(self, event: dict[str, Any]) -> list[str]:
        """The same of the body of a webhook, with the object in it."""
        within = event["data"]["object"]
        kind = self._objects[within["object"]]
        return [
            *self._problems("event", strict(reference("event")), event),
            *self._problems(f"event of {kind}", strict(reference(kind)), within),
        ]

    def _operation(self, method: str, path: str) -> tuple[str, Schema] | None:
        for pattern, name, verbs in self._paths:
            if pattern.fullmatch(path) and method.lower() in verbs:
                return f"{method} {name}", verbs[method.lower()]
        return None

    def _problems(self, name: str, schema: Schema, instance: object) -> list[str]:
        if name not in self._validators:
            self._validators[name] = jsonschema_rs.Draft4Validator(schema, registry=self._registry)
        return [
            f"{name}: {'.'.join(map(str, each.instance_path))}: {each.message[:300]}"
            for problem in self._validators[name].iter_errors(instance)
            for each in innermost(problem)
        ]


def is_object(schema: Schema) -> bool:
    """Whether it is of something that says in `object` what it is."""
    return len(schema.get("properties", {}).get("object", {}).get("enum", [])) == 1


def pattern_of(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


def reference(component: str) -> Schema:
    return {"$ref": f"#/components/schemas/{component}"}


def strict(schema: Any, *, in_form: bool = False) -> Any:
    """A schema of OpenAPI 3.0 as a JSON schema that knows no other fields than those it names."""
    if isinstance(schema, list):
        return [strict(each, in_form=in_form) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": NAME + schema["$ref"]}
    if in_form and schema.get("type") in IN_A_FORM:
        return IN_A_FORM[schema["type"]]
    made = {key: within(key, value, in_form=in_form) for key, value in schema.items() if key not in UNREAD}
    if "properties" in made:
        made.setdefault("additionalProperties", False)
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made


def within(key: str, value: Any, *, in_form: bool) -> Any:
    """The names of fields are no words of a schema, also where they are called `title`."""
    if key == "properties":
        return {name: strict(each, in_form=in_form) for name, each in value.items()}
    return value if key in {"enum", "required"} else strict(value, in_form=in_form)


def form_schema(operation: Schema) -> Schema:
    """What a request may send: in its body, or else in its query."""
    body = operation.get("requestBody", {}).get("content", {}).get(FORM)
    if body is not None and body["schema"].get("properties"):
        made: Schema = strict(body["schema"], in_form=True)
        return made
    asked = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    properties = {each["name"]: strict(each["schema"], in_form=True) for each in asked}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def innermost(problem: Problem) -> list[Problem]:
    """Of what may be one of several things, the problems with the one that it was most likely meant to be."""
    kind = problem.kind
    if not isinstance(kind, Kind.AnyOf | Kind.OneOfNotValid):
        return [problem]
    branches = [branch for branch in kind.context if branch]
    likely = min(branches, key=lambda branch: unlikeness(problem, branch))
    return [inner for each in likely for inner in innermost(each)]


def unlikeness(problem: Problem, branch: list[Problem]) -> int:
    own = list(problem.instance_path)
    others = sum(
        100
        for each in branch
        if (each.kind.name == "type" and list(each.instance_path) == own)
        or (each.kind.name == "enum" and list(each.instance_path) == [*own, "object"])
    )
    return others + len(branch)


@cache
def stripe_document() -> StripeDocument:
    assert DOCUMENT.exists(), (
        "Stripe's OpenAPI document is not there: run tools/stripe-openapi, as make test does."
    )
    return StripeDocument(json.loads(DOCUMENT.read_text(encoding="utf-8")))


@asynccontextmanager
async def checked_peer(clock: Clock, **options: Any) -> AsyncIterator[StripePeer]:
    """The peer, with every exchange checked against the document; what is wrong fails the test at its end."""
    problems: list[str] = []
    async with running_peer(clock, retry_seconds=0.02, **options) as peer:
        peer.observe = lambda exchange: problems.extend(stripe_document().problems_of(exchange))
        yield peer
    assert unique(problems) == []


def unique(problems: list[str]) -> list[str]:
    return list(dict.fromkeys(problems))


def problems_of_events(events: list[dict[str, Any]]) -> list[str]:
    return unique([problem for event in events for problem in stripe_document().problems_of_event(event)])
