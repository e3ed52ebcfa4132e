"""People's words: templates use them, and every name that is shown has them."""

import re
from pathlib import Path

import pytest

from app.errors import ContentError
from app.web import labels as module
from app.web.labels import SHOWN, UnknownLabel, load_labels
from app.web.navigation import ENTRIES
from app.web.rendering import TEMPLATES

FILES = sorted(TEMPLATES.rglob("*.jinja"))
CODE_WORDS = ("slot", "evergreen", "fell_back", "not_run", "tier", "fallback", "in_review")
CALL = re.compile(r'label\("(\w+)", (?:"([^"]+)")?')


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_templates_ask_for_labels_that_there_are(file: Path) -> None:
    for group, name in CALL.findall(file.read_text(encoding="utf-8")):
        assert group in load_labels().groups
        assert not name or load_labels()(group, name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_templates_say_nothing_in_words_of_the_code(file: Path) -> None:
    text = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [word for word in CODE_WORDS if re.search(rf"\b{word}s?\b", text, re.IGNORECASE)] == []


def test_every_member_that_is_shown_has_words() -> None:
    labels = load_labels()
    for group, members in SHOWN.items():
        assert [labels(group, member) for member in members]
        assert set(labels.groups[group]) == set(members)


def test_the_words_that_were_agreed_on() -> None:
    labels = load_labels()
    assert labels("word", "slot") == "position"
    assert labels("word", "evergreen") == "always safe"
    assert labels("outcome", "fell_back") == "approved copy used"
    assert labels("verdict", "not_run") == "not checked"
    assert labels("word", "tier") == "who must approve"


def test_the_navigation_has_words() -> None:
    assert [load_labels()("navigation", entry.label) for entry in ENTRIES]


def test_an_unknown_label_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UnknownLabel, match="fell_back"):
        load_labels()("outcome", "fell_bak")
    with pytest.raises(UnknownLabel, match="outcome"):
        load_labels()("outcom", "fell_back")


def test_a_file_that_is_not_complete_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = module.FILE.read_text(encoding="utf-8")
    broken = tmp_path / "labels.yaml"
    broken.write_text(text.replace("  fail: does not pass\n", "  failed: does not pass\n"))
    monkeypatch.setattr(module, "FILE", broken)
    load_labels.cache_clear()
    with pytest.raises(ContentError) as refused:
        load_labels()
    load_labels.cache_clear()
    assert "there are no words for fail" in str(refused.value)
    assert "'failed' is none of verdict" in str(refused.value)
