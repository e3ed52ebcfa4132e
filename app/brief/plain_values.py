"""Values of plain facts as people write them: a text, a number, a list, or an object of names and values."""

from decimal import Decimal


class Wrong(ValueError):
    """A value of the wrong type; `expected` says what would be right."""

    def __init__(self, message: str, expected: str) -> None:
        super().__init__(message)
        self.expected = expected


def text_of(value: object) -> str:
    """A text or a number as text. Raises Wrong."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Wrong(f"is {named(value)}", "text or a number")
    if isinstance(value, float) and not abs(value) < 1e15:
        raise Wrong("is no finite number", "text or a number")
    text = str(Decimal(repr(value))) if isinstance(value, float) else str(value)
    if not text.strip() or len(text) > 2000:
        raise Wrong("is empty" if not text.strip() else "is longer than 2,000 characters", "text or a number")
    return text.strip()


def texts_of(value: object) -> tuple[str, ...]:
    """One text or several. Of an object its values count, as in {"shop": "https://..."}; an object in a list,
    such as {"quote": "Solid", "by": "Ada"}, is one text. Raises Wrong.
    """
    if isinstance(value, dict):
        return tuple(pairs_of(value).values())
    if isinstance(value, (list, tuple)):
        if len(value) > 200:
            raise Wrong(f"has {len(value)} entries", "at most 200")
        return tuple(", ".join(texts_of(item)) if isinstance(item, dict) else text_of(item) for item in value)
    return (text_of(value),)


def pairs_of(value: object) -> dict[str, str]:
    """Names with values; several values of one name stand beside each other. Raises Wrong."""
    if not isinstance(value, dict):
        raise Wrong(f"is {named(value)}", "names with values, such as {'battery': '10 h'}")
    return {text_of(name): ", ".join(texts_of(item)) for name, item in value.items()}


def named(value: object) -> str:
    """The type of a value, for messages."""
    names = {bool: "true or false", list: "a list", tuple: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), f"of type {type(value).__name__}")
