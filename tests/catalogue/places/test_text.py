import pytest

from catalogue.places.text import clean, district_name, edit_distance


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  SAINT-ÉTIENNE ", "saint etienne"),
        ("St.-Étienne", "saint etienne"),
        ("Ste Colombe", "sainte colombe"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("l'hay les roses", "l hay les roses"),
        ("Chalon s/Saône", "chalon sur saone"),
        ("TOULOUSE CEDEX 9", "toulouse"),
        ("31009 Toulouse Cedex 09", "31009 toulouse"),
        ("31 000", "31000"),
        ("３１０００", "31000"),
        ("2a004", "2a004"),
        ("Estrées", "estrees"),
        ("cedex", ""),
        ("\x00%_", ""),
    ],
)
def test_clean(typed, cleaned):
    assert clean(typed) == cleaned


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("paris 15", "paris 15e arrondissement"),
        ("paris 15e", "paris 15e arrondissement"),
        ("paris 15eme arrondissement", "paris 15e arrondissement"),
        ("paris xve", "paris 15e arrondissement"),
        ("paris iv", "paris 4e arrondissement"),
        ("paris 1er", "paris 1er arrondissement"),
        ("lyon 03", "lyon 3e arrondissement"),
        ("marseille 2nd arr", "marseille 2e arrondissement"),
        ("paris iiii", "paris 0e arrondissement"),
    ],
)
def test_district_name(words, name):
    assert district_name(words) == name


@pytest.mark.parametrize("words", ["paris", "paris 75015", "toulouse 3", "paris plage"])
def test_district_name_of_another_place(words):
    assert district_name(words) is None


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("toulouse", "toulouse", 0),
        ("tolouse", "toulouse", 1),
        ("toulousse", "toulouse", 1),
        ("toulouze", "toulouse", 1),
        ("tuolouse", "toulouse", 1),
        ("bordo", "bordeaux", 3),
        ("lille", "rennes", 3),
        ("abcdef", "abcfed", 2),
    ],
)
def test_edit_distance_is_counted_up_to_the_limit(a, b, distance):
    assert edit_distance(a, b, limit=2) == distance
    assert edit_distance(b, a, limit=2) == distance
