import pytest

from catalogue.models import Commune
from catalogue.places import Place, PlaceMatch, PlaceState, loading, resolve
from catalogue.places.departments import DEPARTMENTS
from catalogue.places.reading import _places, suggest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("france")]


def labels(places):
    return [place.label for place in places]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("31000", "Toulouse (31000)"),
        ("31 000", "Toulouse (31000)"),
        ("31200", "Toulouse (31000)"),
        ("st etienne", "Saint-Étienne (42000)"),
        ("saint-étienne", "Saint-Étienne (42000)"),
        ("SAINT-ETIENNE", "Saint-Étienne (42000)"),
        ("Paris 15", "Paris 15e (75015)"),
        ("Paris 15e", "Paris 15e (75015)"),
        ("paris XVe", "Paris 15e (75015)"),
        ("Paris 75015", "Paris 15e (75015)"),
        ("75015 PARIS", "Paris 15e (75015)"),
        ("75116", "Paris 16e (75016)"),
        ("75116 Paris", "Paris 16e (75016)"),
        ("Lyon 3e", "Lyon 3e (69003)"),
        ("lyon 03", "Lyon 3e (69003)"),
        ("13001", "Marseille 1er (13001)"),
        ("paris", "Paris (tous arrondissements)"),
        ("Lyon", "Lyon (tous arrondissements)"),
        ("Lyon 12", "Lyon (tous arrondissements)"),
        ("2A004", "Ajaccio (20000)"),
        ("2a004", "Ajaccio (20000)"),
        ("Toulouse (31000)", "Toulouse (31000)"),
        ("31000 Toulouse", "Toulouse (31000)"),
        ("F-31000 Toulouse", "Toulouse (31000)"),
        ("31000 Toulousse", "Toulouse (31000)"),
        ("TOULOUSE CEDEX 9", "Toulouse (31000)"),
        ("31009 TOULOUSE CEDEX 9", "Toulouse (31000)"),
        ("75270 Paris Cedex 06", "Paris (tous arrondissements)"),
        ("Saint-Denis 93", "Saint-Denis (93200)"),
        ("saint denis 974", "Saint-Denis (97400)"),
        ("Le Mans (72)", "Le Mans (72000)"),
        ("Montreuil", "Montreuil (93100)"),
        ("l hay", "L’Haÿ-les-Roses (94240)"),
        ("Havre", "Le Havre (76600)"),
        ("rochelle", "La Rochelle (17000)"),
        ("Chalon s/Saône", "Chalon-sur-Saône (71100)"),
        ("courcouronnes", "Évry-Courcouronnes (91000)"),
        ("chateau-chinon (ville)", "Château-Chinon (Ville) (58120)"),
    ],
)
def test_resolve_finds_one_town(typed, label):
    match = resolve(typed)

    assert match.state is PlaceState.FOUND
    assert match.place.label == label
    assert match.choices == ()


def test_resolve_gives_all_of_a_town():
    assert resolve("31000").place == Place(
        code="31555",
        label="Toulouse (31000)",
        department="31",
        latitude=43.60426,
        longitude=1.44367,
        is_approximate=False,
        city=None,
    )


@pytest.mark.parametrize(
    ("typed", "code", "label"),
    [
        ("31", "31", "Haute-Garonne (31)"),
        ("1", "01", "Ain (01)"),
        ("2A", "2A", "Corse-du-Sud (2A)"),
        ("2b", "2B", "Haute-Corse (2B)"),
        ("974", "974", "La Réunion (974)"),
        ("75", "75", "Paris (75)"),
        ("haute garonne", "31", "Haute-Garonne (31)"),
        ("Côte-d'Or", "21", "Côte-d’Or (21)"),
        ("Vienne (86)", "86", "Vienne (86)"),
    ],
)
def test_resolve_finds_a_departement(typed, code, label):
    place = Place(code=None, label=label, department=code)

    assert resolve(typed) == PlaceMatch(PlaceState.DEPARTMENT, place)


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        (
            "Saint-Denis",
            [
                "Saint-Denis (97400)",
                "Saint-Denis (93200)",
                "Saint-Denis (11310)",
                "Saint-Denis (30500)",
            ],
        ),
        ("20", ["Corse-du-Sud (2A)", "Haute-Corse (2B)"]),
        ("Vienne", ["Vienne (86)", "Vienne (38200)"]),
        ("Toulouze", ["Toulouse (31000)", "Toulouzette (40250)"]),
        (
            "clermont",
            [
                "Clermont-Ferrand (63000)",
                "Clermont (60600)",
                "Clermont (40180)",
                "Clermont (74270)",
                "Clermont (09420)",
            ],
        ),
    ],
)
def test_resolve_offers_the_choice_largest_first(typed, choices):
    match = resolve(typed)

    assert match.state is PlaceState.AMBIGUOUS
    assert match.place is None
    assert labels(match.choices) == choices


def test_resolve_offers_every_homonym():
    match = resolve("ste colombe")

    assert match.state is PlaceState.AMBIGUOUS
    assert len(match.choices) == 12
    assert {place.label.split(" (")[0] for place in match.choices} == {"Sainte-Colombe"}


def test_resolve_offers_the_largest_communes_of_a_shared_postcode():
    match = resolve("51300")

    codes = [place.code for place in match.choices]
    here = Commune.objects.filter(postcodes__contains=" 51300 ").largest_first()
    assert match.state is PlaceState.AMBIGUOUS
    assert codes == [commune.code for commune in here[:12]]
    assert here.count() == 46


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Tolouse", ["Toulouse (31000)"]),
        ("bordaux", ["Bordeaux (33000)"]),
        ("saint etiene", ["Saint-Étienne (42000)"]),
        ("Cergy Pontoise", ["Cergy (95000)"]),
        ("31009", ["Toulouse (31000)", "Antichan-de-Frontignes (31510)"]),
        ("310", ["Toulouse (31000)"]),
        ("99999", []),
        ("zzz", []),
        ("Ouagadougou", []),
        ("", []),
        ("   ", []),
        ("%", []),
        ("\x00", []),
        ("(", []),
        ("()", []),
        ("٣١٠٠٠", []),
        ("😀", []),
    ],
)
def test_resolve_of_an_unknown_place_offers_what_is_near(typed, near):
    match = resolve(typed)

    assert match.state is PlaceState.UNKNOWN
    assert match.place is None
    assert labels(match.choices) == near


def test_resolve_of_a_code_of_four_digits_guesses_the_missing_zero():
    assert resolve("1000").choices[0].label == "Bourg-en-Bresse (01000)"


def test_resolve_of_a_very_long_text_ends(django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        match = resolve("a b " * 5000)

    assert match == PlaceMatch(PlaceState.UNKNOWN)


def test_every_label_is_unique():
    places = labels(_places(Commune.objects.all()))
    departments = [f"{name} ({code})" for code, name in DEPARTMENTS.items()]

    assert len(places) == 35014
    assert len(set(places + departments)) == len(places) + len(departments)


def homonyms():
    names = Commune.objects.filter(name_folded__in=["sainte colombe", "saint denis", "vienne"])
    odd = Commune.objects.filter(name__contains="(") | Commune.objects.filter(postcodes="")
    districts = Commune.objects.exclude(parent=None)
    largest = Commune.objects.largest_first()[:20]
    return [*names, *odd, *districts, *largest, *Commune.objects.order_by("code")[::500]]


def test_label_of_a_town_gives_it_back():
    places = _places(homonyms())

    assert [place for place in places if resolve(place.label).place != place] == []
    assert len(places) > 150


def test_label_of_a_departement_gives_it_back():
    strangers = [
        code
        for code, name in DEPARTMENTS.items()
        if (match := resolve(f"{name} ({code})")).place.department != code
        or match.state is not PlaceState.DEPARTMENT
    ]

    assert strangers == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("toul", ["Toulouse (31000)", "Toulon (83000)", "Toul (54200)"]),
        ("st d", ["Saint-Denis (97400)", "Saint-Denis (93200)", "Saint-Dizier (52100)"]),
        ("l hay", ["L’Haÿ-les-Roses (94240)"]),
        ("havr", ["Le Havre (76600)", "Havrincourt (62147)"]),
        ("paris", ["Paris (tous arrondissements)", "Paris 15e (75015)", "Paris 20e (75020)"]),
        ("lyon 3", ["Lyon 3e (69003)"]),
        ("31", ["Haute-Garonne (31)", "Toulouse (31000)", "Colomiers (31770)"]),
        ("31000", ["Toulouse (31000)"]),
        ("75015", ["Paris 15e (75015)"]),
        ("31000 tou", ["Toulouse (31000)"]),
        ("2A0", ["Ajaccio (20000)", "Bastelicaccia (20129)", "Alata (20167)"]),
        ("haute-gar", ["Haute-Garonne (31)"]),
        ("tolouse", ["Toulouse (31000)"]),
    ],
)
def test_suggest_the_largest_first(typed, first):
    places = suggest(typed)

    assert labels(places)[: len(first)] == first
    assert len(places) <= 8


@pytest.mark.parametrize("typed", ["", "t", " ", "%", "zzzz"])
def test_suggest_nothing(typed):
    assert suggest(typed) == []


def test_suggest_keeps_to_the_limit():
    assert labels(suggest("saint", limit=2)) == ["Saint-Étienne (42000)", "Saint-Denis (97400)"]
    assert labels(suggest("31", limit=4))[:2] == ["Haute-Garonne (31)", "Toulouse (31000)"]
    assert len(suggest("31", limit=4)) == 4


@pytest.mark.parametrize("typed", ["saint d", "31", "75015"])
def test_suggest_asks_the_database_once(typed, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(loading, "LOOK_EVERY_SECONDS", 60)
    suggest("31")  # the postcodes are read once

    with django_assert_num_queries(1):
        assert suggest(typed)
