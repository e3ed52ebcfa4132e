"""Every template rendered with a fixed context, as a file that a person reads before it changes.

`COPYDESK_UPDATE_GOLDEN=1 pytest tests/prompts/test_golden.py` writes the files anew.
"""

import os
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.prompts.library import PromptLibrary
from app.settings import content_root
from tests.prompts.context import FULL, JUDGE, TURN

GOLDEN = Path(__file__).parent.parent / "golden"
LIBRARY = PromptLibrary(content_root() / "prompts")
CONTEXTS: dict[str, BaseModel] = {"small": TURN, "judge": JUDGE}
CASES: dict[str, tuple[str, BaseModel]] = {
    **{name.replace("/", "_"): (name, CONTEXTS.get(name.split("/")[0], FULL)) for name in LIBRARY.names},
    "capable_request_bare": (
        "capable/request",
        FULL.model_copy(update={"tokens": (), "examples": (), "variants": 1}),
    ),
    **{
        f"capable_request_{code}_{formality}": (
            "capable/request",
            FULL.model_copy(
                update={
                    "campaign": FULL.campaign.model_copy(
                        update={
                            "locale": locale,
                            "language": language,
                            "language_code": code,
                            "formality": formality,
                        }
                    )
                }
            ),
        )
        for code, locale, language, formality in (
            ("de", "de-DE", "German", "informal"),
            ("fr", "fr-FR", "French", "formal"),
        )
    },
    "capable_reask_too_few": ("capable/reask", FULL.model_copy(update={"refused": (), "variants": 1})),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_prompt_is_as_it_was_read(case: str) -> None:
    name, context = CASES[case]
    path = GOLDEN / f"{case}.txt"
    rendered = LIBRARY.render(name, context) + "\n"
    if os.environ.get("COPYDESK_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(rendered, encoding="utf-8")
    assert path.is_file(), "written with COPYDESK_UPDATE_GOLDEN=1"
    assert rendered == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(CASES)
