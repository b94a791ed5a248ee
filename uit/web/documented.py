"""What an operation says of itself in the API description, next to what the framework sees in its handler.

@get("/api/v1/things/{id:uuid}", opt=CLIENT, **documented("Read a thing", 404, door="client"))
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from litestar._openapi.schema_generation import SchemaCreator
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Operation, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition
from msgspec import Struct

from uit.web.body import Strict
from uit.web.problem import PROBLEM_JSON

OF_A_DOOR: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
OF_A_BODY: Final = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
WHEN: Final[Mapping[int, str]] = {
    401: "Without a token, or with one that is not or no longer good.",
    403: "With a token that does not open this.",
    404: "What the address or the body names is not there, or not yours to see.",
    409: "As things stand now it cannot be done; `code` says why.",
    413: "The body is larger than a million bytes.",
    415: "The body says that it is no JSON.",
    422: "What was sent does not have the shape described here; `where` names the field, `why` its fault.",
    429: "Too often; `Retry-After` says how long to wait.",
    503: "Too busy, or without its database; `Retry-After` says how long to wait.",
}


class Problem(Struct, frozen=True):
    """A refusal (RFC 9457). `code` is stable, `next` says what to do; its facts are further members."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    next: str


@dataclass
class DescribedOperation(Operation):
    """Without the 400 that the framework adds wherever it reads something: ours is 422."""

    def __post_init__(self) -> None:
        if self.responses:
            self.responses = {status: said for status, said in self.responses.items() if status != "400"}


class ClosedStructs(OpenAPISchemaPlugin):
    """Describes a struct that refuses unknown fields as one that does, which the framework forgets."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        struct = not field_definition.is_union and field_definition.is_subclass_of(Struct)
        return struct and bool(field_definition.type_.__struct_config__.forbid_unknown_fields)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:
        supports = schema_creator.plugin_supports_field
        others = [plugin for plugin in schema_creator.plugins if plugin is not self]
        plugin = next(each for each in others if supports(each, field_definition))
        schema = plugin.to_openapi_schema(field_definition, schema_creator)
        schema.additional_properties = False
        return schema


def documented(
    summary: str,
    *refusals: int,
    door: str | None = None,
    reads: type[Struct] | None = None,
    also: Mapping[int, ResponseSpec] | None = None,
) -> dict[str, Any]:
    """The arguments of a handler that complete its description. `refusals`: the statuses of its problems.

    `door` names the security scheme that lets in; `reads` is the content of its JSON body, which is then read
    strictly; `also` are answers of another shape. What follows from these need not be among the refusals.
    """
    statuses = {*refusals, *(OF_A_DOOR if door else ()), *(OF_A_BODY if reads else ())}
    said: dict[str, Any] = {
        "summary": summary,
        "responses": {**problems(*sorted(statuses)), **(also or {})},
        "operation_class": DescribedOperation,
    }
    if door:
        said["security"] = [{door: []}]
    if reads:
        said |= {"dto": Strict[reads], "return_dto": None}  # type: ignore[valid-type]
    return said


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(
            Problem, generate_examples=False, description=WHEN[status], media_type=PROBLEM_JSON
        )
        for status in statuses
    }


def response(content: type[Struct], when: str) -> ResponseSpec:
    return ResponseSpec(content, generate_examples=False, description=when)
