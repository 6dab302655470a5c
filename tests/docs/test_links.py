"""Links between the pages at the root and the documentation lead somewhere; mkdocs sees only those inside docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?![a-z]+:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")


def anchors(text: str) -> set[str]:
    """Anchors that a forge makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """Links of a page whose file or heading is not there."""
    wrong = []
    for match in LINK.finditer(page.read_text(encoding="utf-8")):
        target = page.parent / match["path"] if match["path"] else page
        has_file = target.exists()
        if not has_file or (match["anchor"] and match["anchor"] not in anchors(target.read_text(encoding="utf-8"))):
            wrong.append(match[0])
    return wrong


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str, root: Path) -> None:
    assert broken(root / name) == []


def test_what_would_be_caught(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Here it is\n[a](gone.md) [b](#here-it-is) [c](#not-here) [d](https://x.example)", encoding="utf-8"
    )
    assert broken(page) == ["[a](gone.md)", "[c](#not-here)"]
