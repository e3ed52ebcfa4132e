"""Colours as CSS writes them."""

import colorsys
import json
import re
from functools import cache
from importlib.resources import files

from app.emails.palette import mix

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![0-9a-z])")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_NAME = re.compile(r"(?<![\w#-])[a-z]{3,20}(?![\w(-])")


@cache
def _names() -> dict[str, str]:
    """The named colours of CSS Color Module Level 4."""
    text = files("app.emails.qa").joinpath("data", "colour_names.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def colour_in(value: str) -> tuple[str, float] | None:
    """The colour in the value of `color`, `background` and the like as #rrggbb, and how opaque it is, 0 to 1.

    None where there is none that stands for itself.
    """
    value = value.lower()
    if found := _HEX.search(value):
        return _of_hex(found[1])
    if found := _FUNCTION.search(value):
        return _of_function(found[1], re.split(r"[\s,/]+", found[2].strip()))
    for found in _NAME.finditer(value):
        if found[0] == "transparent":
            return "#000000", 0.0
        if found[0] in _names():
            return _names()[found[0]], 1.0
    return None


def over(colour: tuple[str, float], ground: str) -> str:
    """What shows of a colour that lies on `ground`."""
    shade, alpha = colour
    return shade if alpha >= 1 else mix(shade, ground, alpha)


def _of_hex(digits: str) -> tuple[str, float]:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits[:6]}", int(digits[6:] or "ff", 16) / 255


def _of_function(name: str, parts: list[str]) -> tuple[str, float] | None:
    try:
        alpha = _share(parts[3], 1) if len(parts) > 3 else 1.0
        if name == "hsl":
            hue = float(parts[0].removesuffix("deg")) / 360
            red, green, blue = colorsys.hls_to_rgb(hue % 1, _share(parts[2], 1), _share(parts[1], 1))
        else:
            red, green, blue = (_share(part, 255) for part in parts[:3])
    except (ValueError, IndexError):
        return None
    return "#" + "".join(f"{round(min(max(c, 0), 1) * 255):02x}" for c in (red, green, blue)), alpha


def _share(part: str, whole: float) -> float:
    return float(part[:-1]) / 100 if part.endswith("%") else float(part) / whole
