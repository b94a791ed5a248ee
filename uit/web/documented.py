"""The parts of the API description that Litestar cannot derive from a handler.

@get(
    "/api/v1/things/{id:uuid}",
    opt=client_with("read"),
    **documented("Read a thing", 404, security_scheme="client", scope="read"),
)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final

from litestar._openapi.schema_generation import SchemaCreator
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Operation, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition
from msgspec import UNSET, Meta, Struct, UnsetType

from uit.core.errors import Fault
from uit.web.body import Strict
from uit.web.problem import PROBLEM_JSON

AUTHENTICATION_STATUSES: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
BODY_STATUSES: Final = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
STATUS_DESCRIPTIONS: Final[Mapping[int, str]] = {
    401: "Without a token, or with one that is not or no longer good.",
    403: "With a token that does not open this; `scope` names what its client was not given.",
    404: "What the address or the body names is not there, or not yours to see.",
    409: "As things stand now it cannot be done; `code` says why.",
    413: "The body is larger than a million bytes.",
    415: "The body says that it is no JSON.",
    422: "What was sent does not have the shape described here; `where` names the field, `why` its fault.",
    429: "Too often; `Retry-After` says how long to wait.",
    503: "Too busy, or without its database; `Retry-After` says how long to wait.",
}


class Problem(Struct, frozen=True):
    """A refusal (RFC 9457), in the language that `Accept-Language` prefers: nl, fr or en; without it, Dutch.

    Its facts are further members. Those of a request that cannot be read are `where`, `why`, `technical` and,
    of a field that has a list of them, `choices`.
    """

    type: Annotated[str, Meta(description="The address of a page about the code.")]
    title: Annotated[str, Meta(description="What is wrong in short, the same for every refusal of the code.")]
    status: Annotated[int, Meta(description="The status of the response.")]
    detail: Annotated[str, Meta(description="What is wrong, with its facts, for people.")]
    code: Annotated[str, Meta(description="Stable, for programs. All of them stand at `/problems`.")]
    next: Annotated[str, Meta(description="What to do now, for people.")]
    where: (
        Annotated[
            str, Meta(description="The path of the field that cannot be read, such as `lines[0].places`.")
        ]
        | UnsetType
    ) = UNSET
    why: Annotated[Fault, Meta(description="What is wrong with that field.")] | UnsetType = UNSET
    technical: (
        Annotated[str, Meta(description="What the reader of the request says of it, in English.")] | UnsetType
    ) = UNSET
    choices: (
        Annotated[
            tuple[str, ...], Meta(description="What that field may be, where it has a list of choices.")
        ]
        | UnsetType
    ) = UNSET


@dataclass
class DescribedOperation(Operation):
    """An operation without the 400 that Litestar adds wherever it reads input: uit answers 422."""

    def __post_init__(self) -> None:
        if self.responses:
            self.responses = {
                status: arguments for status, arguments in self.responses.items() if status != "400"
            }


class ClosedStructs(OpenAPISchemaPlugin):
    """Adds `additionalProperties: false` to structs that refuse unknown fields, which Litestar omits.

    A struct with EXACTLY_ONE, a list of names, refuses to have none of these fields or several, and one with
    NOT_TOGETHER all of them. GOES_WITH names for a field the others that it asks for. ASKS_FOR names a field,
    one of its values, and the other field that this value asks for. EXAMPLES are bodies that it takes, to
    show.
    """

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        struct = not field_definition.is_union and field_definition.is_subclass_of(Struct)
        return struct and bool(field_definition.type_.__struct_config__.forbid_unknown_fields)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:
        supports = schema_creator.plugin_supports_field
        others = [plugin for plugin in schema_creator.plugins if plugin is not self]
        plugin = next(each for each in others if supports(each, field_definition))
        schema = plugin.to_openapi_schema(field_definition, schema_creator)
        schema.additional_properties = False
        names = getattr(field_definition.type_, "EXACTLY_ONE", ())
        schema.one_of = [Schema(required=[name]) for name in names] or None
        apart = getattr(field_definition.type_, "NOT_TOGETHER", ())
        schema.schema_not = Schema(required=list(apart)) if apart else None
        schema.examples = getattr(field_definition.type_, "EXAMPLES", None)
        schema.dependent_required = getattr(field_definition.type_, "GOES_WITH", None)
        if asks := getattr(field_definition.type_, "ASKS_FOR", None):
            name, value, needed = asks
            schema.schema_if = Schema(properties={name: Schema(const=value)}, required=[name])
            schema.then = Schema(required=[needed])
        return schema


def documented(
    summary: str,
    *refusals: int,
    security_scheme: str | None = None,
    scope: str | None = None,
    reads: type[Struct] | None = None,
    also: Mapping[int, ResponseSpec] | None = None,
) -> dict[str, Any]:
    """The arguments of a route decorator that complete its description. `refusals`: statuses of problems.

    `security_scheme` adds 401 and 403, `reads` (the struct of the JSON body, decoded by `Strict`) adds 413,
    415 and 422, so these need not be among the refusals. `also`: responses that are not problems.
    `scope`: the one that a client needs.
    """
    statuses = {
        *refusals,
        *(AUTHENTICATION_STATUSES if security_scheme else ()),
        *(BODY_STATUSES if reads else ()),
    }
    arguments: dict[str, Any] = {
        "summary": summary,
        "responses": {**problems(*sorted(statuses)), **(also or {})},
        "operation_class": DescribedOperation,
    }
    if security_scheme:
        arguments["security"] = [{security_scheme: [scope] if scope else []}]
    if reads:
        arguments |= {"dto": Strict[reads], "return_dto": None}  # type: ignore[valid-type]
    return arguments


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(
            Problem, generate_examples=False, description=STATUS_DESCRIPTIONS[status], media_type=PROBLEM_JSON
        )
        for status in statuses
    }


def response(content: type[Struct], description: str) -> ResponseSpec:
    return ResponseSpec(content, generate_examples=False, description=description)
