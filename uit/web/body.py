"""Strict decoding of the JSON body of an API request: what the API description forbids is refused."""

from typing import Any, ClassVar, Final, TypeVar

import msgspec
from litestar._openapi.schema_generation import SchemaCreator
from litestar.dto import MsgspecDTO
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from uit.core.errors import NotJson, RefusalError
from uit.web.header import header
from uit.web.misread import not_understood, not_understood_as

JSON: Final = "application/json"

T = TypeVar("T", bound=msgspec.Struct)


class Strict(MsgspecDTO[T]):
    """Decodes the body of a handler with `dto=Strict[Content], return_dto=None` to the struct `Content`.

    Without it Litestar takes "2" for 2. Refused: NotJson for another content type (a missing one counts as
    JSON), NotUnderstood for a body that is not JSON or does not have the shape of `Content`.
    """

    decoder: ClassVar[msgspec.json.Decoder[Any]]

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        content = getattr(cls, "model_type", None)
        if content is not None:
            cls.decoder = msgspec.json.Decoder(content)

    def decode_bytes(self, value: bytes) -> object:
        media_type = header(self.asgi_connection, b"content-type") or JSON
        if media_type != JSON and not is_json(media_type):
            raise RefusalError(NotJson())
        try:
            return self.decoder.decode(value)
        except msgspec.ValidationError:
            return decode_whole_floats(value, self.model_type)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RefusalError(not_understood(str(error))) from error

    @classmethod
    def create_for_field_definition(cls, *_: object, **__: object) -> None:
        """Create nothing per handler: the decoder is enough."""

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003  named so by the framework
        schema_creator: SchemaCreator,
    ) -> Reference | Schema:
        return schema_creator.for_field_definition(field_definition)


def decode_whole_floats(value: bytes, content: type[Any]) -> object:
    """Decode again with 2.0 read as 2, because both are integers in JSON Schema."""
    try:
        return msgspec.convert(WHOLE_FLOAT_DECODER.decode(value), content)
    except msgspec.ValidationError as error:
        raise RefusalError(not_understood_as(content, str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusalError(not_understood(str(error))) from error


def int_if_whole(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


WHOLE_FLOAT_DECODER: Final = msgspec.json.Decoder(float_hook=int_if_whole)


def is_json(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower() == JSON
