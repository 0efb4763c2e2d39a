"""docs/support.md names what the staff sees: each bold word is on a page or in the code that makes one."""

import ast
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs/support.md").read_text(encoding="utf-8")
OURS = ("accounts", "catalogue", "rights", "cpf_portal")
NAMED = sorted(
    {" ".join(name.split()) for name in re.findall(r"\*\*([^*]+)\*\*", GUIDE)} - {"gras"}
)


def plain(text: str) -> str:
    return " ".join(unescape(text).replace("\u00a0", " ").split()).lower()


@cache
def shown() -> frozenset[str]:
    """What the templates and the texts of the code hold, one string each."""
    texts = set()
    for path in (ROOT / "templates").rglob("*.html"):
        content = re.sub(r"\{[%#].*?[%#]\}", "<", path.read_text(encoding="utf-8"), flags=re.S)
        texts |= set(re.split(r"[<>\"]", content))
    for app in OURS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                tree = ast.parse(path.read_text(encoding="utf-8"))
                texts |= {
                    node.value
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                }
    return frozenset(map(plain, texts))


@pytest.mark.parametrize("name", NAMED)
def test_what_the_guide_names_exists(name):
    wanted = plain(name)
    # a label may be part of a sentence of ours: « {} cet organisme »
    pieces = {wanted, f"{wanted} :"} | {
        f"{{}} {rest}" for _word, _, rest in [wanted.partition(" ")] if rest
    }

    assert any(piece in text for text in shown() for piece in pieces), name


def test_a_name_that_is_nowhere_is_found_out():
    assert not any("téléporter le dossier" in text for text in shown())


def test_pictures_of_the_guide_are_there_and_light():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE)

    assert pictures
    for name in pictures:
        assert 5_000 < (ROOT / "docs" / name).stat().st_size < 150_000, name
