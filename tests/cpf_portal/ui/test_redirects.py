import pytest

from cpf_portal.ui.redirects import safe_next


@pytest.mark.parametrize("target", ["/mes-droits/", "/formations/?quoi=anglais&page=2"])
def test_safe_next_follows_our_own_pages(rf, target):
    assert safe_next(rf.get("/", {"next": target}), "/") == target
    assert safe_next(rf.post("/", {"next": target}), "/") == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "https://exemple.org/",
        "//exemple.org/",
        "/\\exemple.org",
        "///exemple.org",
        "javascript:alert(1)",
        "http:///exemple.org",
        "mes-droits",
        "\x00/mes-droits/",
        " //exemple.org",
        "/\t/exemple.org",
    ],
)
def test_safe_next_refuses_other_places(rf, target):
    assert safe_next(rf.get("/", {"next": target}), "/accueil") == "/accueil"
