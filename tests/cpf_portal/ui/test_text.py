import pytest

from cpf_portal.ui.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Saint-Étienne", "saint etienne"),
        ("SAINT  ETIENNE", "saint etienne"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Cœur d'Élevage", "coeur d elevage"),
        ("Łukasz Strauß", "lukasz strauss"),
        ("Ｎａｎｔｅｓ", "nantes"),
        ("  ", ""),
        ("Дмитрий", "дмитрии"),
    ],
)
def test_fold_compares_as_a_person_would(text, folded):
    assert fold(text) == folded
