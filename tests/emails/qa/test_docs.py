"""docs/email_checks.md lists every rule as the registry has it.

`COPYDESK_UPDATE_GOLDEN=1 pytest tests/emails/qa/test_docs.py` writes the table anew.
"""

import os
import re
from collections import Counter
from pathlib import Path

from app.emails.qa.clients import client_data, client_use
from app.emails.qa.models import Severity
from app.emails.qa.registry import RULES

PAGE = Path(__file__).parents[3] / "docs" / "email_checks.md"
BEGIN, END = "<!-- rules -->\n", "<!-- end of rules -->"


def table() -> str:
    rows = (
        (f"`{rule.id}`", rule.severity.value, rule.summary, rule.threshold, rule.source, _needs(rule.needs))
        for rule in RULES
    )
    head = (
        "| rule | severity | says | from where on | source | needs |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    return head + "".join("| " + " | ".join(_cell(cell) for cell in row) + " |\n" for row in rows)


def _needs(needs: tuple[str, ...]) -> str:
    return ", ".join(f"`{need}`" for need in needs)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def test_the_page_lists_every_rule() -> None:
    page = PAGE.read_text("utf-8")
    before, listed, after = re.split(f"{re.escape(BEGIN)}|{re.escape(END)}", page)
    if os.environ.get("COPYDESK_UPDATE_GOLDEN") == "1":
        PAGE.write_text(f"{before}{BEGIN}{table()}{END}{after}", encoding="utf-8")
        listed = table()
    assert listed == table()


def test_every_rule_is_whole() -> None:
    assert [name for name, count in Counter(rule.id for rule in RULES).items() if count > 1] == []
    for rule in RULES:
        assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", rule.id), rule.id
        assert isinstance(rule.severity, Severity)
        assert rule.summary, rule.id
        assert rule.threshold, rule.id
        assert rule.source, rule.id


def test_the_page_names_the_age_of_the_client_data() -> None:
    data = client_data()
    assert data.dated in PAGE.read_text("utf-8")
    assert all(client.name in PAGE.read_text("utf-8") for client in data.clients.values())


def test_what_is_judged_by_hand_is_in_the_client_data() -> None:
    use = client_use()
    known = client_data().features
    judged = (*use.decorative, *use.structural)
    assert [slug for slug in judged if slug not in known] == []
    assert [slug for slug, count in Counter(judged).items() if count > 1] == []
