"""What a command prints for a program, in a shape that people can read as well."""

import msgspec


def indented_json(found: object) -> str:
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
