"""Text that stands on one line."""


def one_line(text: str) -> str:
    """The text on one line, without characters that cannot be printed, such as NUL."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
