"""The built documentation asks nothing of any other machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import go

LOADS = re.compile(
    r"""<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=["']?(?P<src>(?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|icon|preconnect|preload|dns-prefetch|modulepreload))"""
    r"""[^>]*\bhref=["']?(?P<href>(?:https?:)?//[^"'\s>]+)"""
    r"""|(?:url\(|@import\s)\s*["']?(?P<css>(?:https?:)?//[^"')\s]+)""",
    re.IGNORECASE,
)


def build(root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build as the gate does, into a folder."""
    words = [*dict(go.CHECKS)["mkdocs"], "--site-dir", str(folder)]
    return subprocess.run([sys.executable, *words], cwd=root, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(root, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("[a link](nowhere.md)", "nowhere.md"),
        ("[an anchor](index.md#nowhere)", "#nowhere"),
        ("::: equipoise.nowhere", "equipoise.nowhere"),
    ],
)
def test_the_gate_sees_what_is_broken(fault: str, said: str, root: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Home\n\n{fault}\n", encoding="utf-8")
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
    settings = re.sub(r"(?s)^nav:.*?(?=^theme:)", "", settings, flags=re.MULTILINE)
    settings = settings.replace("paths: [src]", f"paths: ['{root / 'src'}']")
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    assert said in done.stdout + done.stderr


def test_no_page_or_style_loads_anything_from_elsewhere(site: Path) -> None:
    found = [
        f"{path.relative_to(site)}: {match.group(0)}"
        for path in sorted(site.rglob("*"))
        if path.suffix in {".html", ".css"}
        for match in LOADS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_page_of_docs_is_in_the_navigation(site: Path, root: Path) -> None:
    listed = (root / "mkdocs.yml").read_text(encoding="utf-8")
    names = [path.relative_to(root / "docs").as_posix() for path in sorted((root / "docs").rglob("*.md"))]
    assert [name for name in names if name not in listed] == []


@pytest.mark.parametrize(
    "markup",
    [
        "<script src='https://cdn.example/x.js'></script>",
        '<link rel="stylesheet" href="//fonts.example/a.css">',
        '<link href="https://fonts.example" rel="preconnect" crossorigin>',
        "body { background: url(https://img.example/a.png) }",
        '@import "https://fonts.example/a.css";',
    ],
)
def test_what_would_be_caught(markup: str) -> None:
    assert LOADS.search(markup)
