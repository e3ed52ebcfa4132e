"""Colours of the layout: the brand's own, and what is derived from them so that everything stays legible."""

import colorsys
from dataclasses import dataclass
from functools import lru_cache

from app.brand.models import Design

WHITE, BLACK = "#ffffff", "#000000"
LEGIBLE = 4.5
"""The least contrast of text on its background (WCAG 2.2, 1.4.3)."""


@dataclass(frozen=True)
class Scheme:
    """One set of colours, light or dark. `tint` is the ground of cards, `line` is for rules and borders.

    A code stands in `ink` on `canvas`, and where it is dark on `line`.
    """

    canvas: str
    paper: str
    tint: str
    line: str
    ink: str
    muted: str
    accent: str
    accent_text: str
    accent_ink: str
    """The accent as a text colour: legible on `paper` and on `tint`."""


@dataclass(frozen=True)
class Theme:
    """Everything about the look that templates use."""

    light: Scheme
    dark: Scheme
    heading_font: str
    body_font: str
    button_radius: int
    card_radius: int


@lru_cache(maxsize=64)
def theme_of(design: Design) -> Theme:
    """The theme that a brand's design stands for."""
    return Theme(
        light=_light(design),
        dark=_dark(design),
        heading_font=_single_quoted(design.heading_font),
        body_font=_single_quoted(design.body_font),
        button_radius=design.button_radius,
        card_radius=min(design.button_radius * 2, 16),
    )


def _light(design: Design) -> Scheme:
    tint = mix(design.canvas, design.paper, 0.5)
    return Scheme(
        canvas=design.canvas,
        paper=design.paper,
        tint=tint,
        line=mix(design.ink, design.paper, 0.14),
        ink=legible(design.ink, design.paper, design.canvas, tint),
        muted=legible(design.muted, design.paper, design.canvas, tint),
        accent=design.accent,
        accent_text=legible(design.accent_text, design.accent),
        accent_ink=legible(design.accent, design.paper, tint),
    )


def _dark(design: Design) -> Scheme:
    canvas, paper, tint, line = (_shade(design.ink, level) for level in (0.06, 0.1, 0.15, 0.26))
    accent = legible(design.accent, paper, least=2)
    return Scheme(
        canvas=canvas,
        paper=paper,
        tint=tint,
        line=line,
        ink=legible(_shade(design.ink, 0.93), paper, tint, line),
        muted=legible(_shade(design.ink, 0.68), canvas, paper, tint),
        accent=accent,
        accent_text=legible(design.accent_text, accent),
        accent_ink=_brighter(design.accent, paper, tint),
    )


def _brighter(colour: str, *grounds: str) -> str:
    """`colour` with more light and as much colour as before, until it can be read; else greyer."""
    red, green, blue = (channel / 255 for channel in _channels(colour))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    for step in range(50):
        raised = colorsys.hls_to_rgb(hue, min(lightness + step / 50, 0.9), saturation)
        candidate = _hex(tuple(channel * 255 for channel in raised))
        if all(contrast(candidate, ground) >= LEGIBLE for ground in grounds):
            return candidate
    return legible(colour, *grounds)


def mix(colour: str, ground: str, share: float) -> str:
    """`share` of `colour` over `ground`."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return _hex(tuple(a * share + b * (1 - share) for a, b in pairs))


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def legible(colour: str, *grounds: str, least: float = LEGIBLE) -> str:
    """`colour`, moved towards white or black just as far as it takes to be read on all `grounds`."""
    pole = max((WHITE, BLACK), key=lambda end: min(contrast(end, ground) for ground in grounds))
    for step in range(21):
        candidate = mix(pole, colour, step / 20)
        if all(contrast(candidate, ground) >= least for ground in grounds):
            return candidate
    return pole


def _shade(colour: str, lightness: float) -> str:
    red, green, blue = (channel / 255 for channel in _channels(colour))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    shade = colorsys.hls_to_rgb(hue, lightness, min(saturation, 0.18))
    return _hex(tuple(channel * 255 for channel in shade))


def _single_quoted(fonts: str) -> str:
    return fonts.replace('"', "'")


def _channels(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
