"""The arrows of docs/architecture.md: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("accounts", "catalogue", "rights", "cpf_portal")
MAY_IMPORT = {
    "cpf_portal/ui": set(),
    "accounts": {"cpf_portal.ui"},
    "catalogue": {"cpf_portal.ui"},
    "rights": {"cpf_portal.ui", "accounts", "catalogue"},
}
# Inside an application a room may not import a later one.
LATER_ROOMS = {
    "models": {"services", "forms", "views", "admin"},
    "services": {"forms", "views", "admin"},
    "search": {"forms", "views", "admin"},
    "forms": {"views", "admin"},
}


def imported_modules(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def modules_of(package: str) -> list[Path]:
    paths = sorted((ROOT / package).rglob("*.py"))
    assert paths, f"{package} is empty"
    return paths


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_package_imports_only_what_it_may(package):
    allowed = MAY_IMPORT[package] | {package.replace("/", ".")}

    strangers = {
        f"{path.relative_to(ROOT)} -> {name}"
        for path in modules_of(package)
        for name in imported_modules(path)
        if name.split(".")[0] in OURS
        and not any(name == ok or name.startswith(f"{ok}.") for ok in allowed)
    }

    assert strangers == set()


@pytest.mark.parametrize("app", ["accounts", "catalogue", "rights"])
@pytest.mark.parametrize("room", LATER_ROOMS)
def test_room_imports_no_later_room(app, room):
    paths = [
        path
        for path in modules_of(app)
        if path.relative_to(ROOT / app).parts[0].removesuffix(".py") == room
    ]

    strangers = {
        f"{path.relative_to(ROOT)} -> {name}"
        for path in paths
        for name in imported_modules(path)
        if any(name.startswith(f"{app}.{later}") for later in LATER_ROOMS[room])
    }

    assert strangers == set()


def test_imports_are_seen():
    names = imported_modules(ROOT / "rights" / "models" / "ledger.py")

    assert "accounts.models.Titulaire" in names


def test_top_level_is_the_one_that_was_asked_for():
    expected = {
        "manage.py", "cpf_portal", "accounts", "rights", "catalogue", "templates", "static", "tests",
        "pyproject.toml", "README.md", "Makefile", "requirements.in", "requirements.txt",
        "requirements-test.in", "requirements-test.txt", "CHANGELOG.md", "LICENSE", "docs",
    }  # fmt: skip
    generated = {"var", "node_modules", "test-results", "__pycache__"}

    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert found - generated == expected
