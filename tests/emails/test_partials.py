"""Each block kind has its partial, and previews and palettes are what they should be."""

import colorsys
from pathlib import Path

import pytest

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.emails.escape import finalize
from app.emails.palette import LEGIBLE, contrast, legible, theme_of
from app.emails.preview import compose_preview, render_preview, write_preview
from app.errors import RenderError, StorageError
from tests.emails.sample import PARTIALS, all_slots, preview_of, sample_facts, sample_identity, sample_target


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.partial], ids=lambda kind: kind.id)
def test_each_kind_has_its_partial(kind: object) -> None:
    from app.blocks.kind import BlockKind

    assert isinstance(kind, BlockKind)
    assert (PARTIALS / kind.id / str(kind.partial)).is_file()


def test_a_broken_template_is_a_render_error(brand: Brand, tmp_path: Path) -> None:
    (tmp_path / "_layout").mkdir()
    layout = tmp_path / "_layout" / "layout.mjml"

    def compose() -> None:
        compose_preview(brand, "welcome", "x", sample_target(), sample_facts(), [], partials=tmp_path)

    with pytest.raises(RenderError, match=r"layout\.mjml"):
        compose()
    layout.write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(RenderError, match="'nothing' is undefined"):
        compose()
    layout.write_text("{{ subject.__class__.__mro__ }}", encoding="utf-8")
    with pytest.raises(RenderError, match=r"layout\.mjml"):
        compose()


def test_nothing_is_printed_as_none() -> None:
    with pytest.raises(RenderError):
        finalize(None)


def test_preview_is_written_with_its_images(brand: Brand, tmp_path: Path) -> None:
    rendered = render_preview(preview_of(brand, all_slots()))
    paths = write_preview(rendered, tmp_path / "a" / "b")
    assert paths.html.read_text(encoding="utf-8") == rendered.html
    assert paths.text.read_text(encoding="utf-8") == rendered.text
    assert paths.mjml.read_text(encoding="utf-8") == rendered.mjml
    assert [path.name for path in paths.images] == ["hero.png", "logo.png", "pot.png", "tip.png"]
    assert all(path.is_file() for path in paths.images)
    page = (tmp_path / "a" / "b" / "links.html").read_text(encoding="utf-8")
    assert 'id="unsubscribe"' in page
    assert 'id="preferences"' in page


def test_a_folder_that_cannot_be_written_is_a_storage_error(brand: Brand, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StorageError, match="was not written"):
        write_preview(render_preview(preview_of(brand, [])), tmp_path / "file")


def test_a_missing_image_file_is_named(brand: Brand, tmp_path: Path) -> None:
    rendered = render_preview(preview_of(brand, []))
    gone = rendered.images[0].model_copy(update={"source": tmp_path / "gone.png"})
    with pytest.raises(RenderError, match=r"gone\.png"):
        write_preview(rendered.model_copy(update={"images": (gone,)}), tmp_path)


@pytest.mark.parametrize("accent", ["#2f6b4f", "#ffe14d", "#ffffff", "#000000", "#777777"])
def test_text_is_legible_in_light_and_dark(accent: str) -> None:
    design = sample_identity().design.model_copy(update={"accent": accent, "muted": "#cccccc"})
    theme = theme_of(design)
    assert contrast(theme.light.ink, theme.light.canvas) >= LEGIBLE  # codes
    assert contrast(theme.dark.ink, theme.dark.line) >= LEGIBLE
    for scheme in (theme.light, theme.dark):
        pairs = [
            (scheme.ink, scheme.paper),
            (scheme.ink, scheme.tint),
            (scheme.muted, scheme.paper),
            (scheme.muted, scheme.canvas),
            (scheme.muted, scheme.tint),
            (scheme.accent_text, scheme.accent),
            (scheme.accent_ink, scheme.tint),
        ]
        assert min(contrast(*pair) for pair in pairs) >= LEGIBLE


@pytest.mark.parametrize("accent", ["#2f6b4f", "#a94a24", "#3b4a9f"])
def test_the_accent_keeps_its_colour_in_the_dark(accent: str) -> None:
    def hue_and_saturation(colour: str) -> tuple[float, float]:
        channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        hue, _, saturation = colorsys.rgb_to_hls(*channels)
        return hue, saturation

    shown = theme_of(sample_identity().design.model_copy(update={"accent": accent})).dark.accent_ink
    assert hue_and_saturation(shown) == pytest.approx(hue_and_saturation(accent), abs=0.02)


def test_a_legible_colour_is_left_alone() -> None:
    assert legible("#20302c", "#ffffff") == "#20302c"
