import pytest

from tests.accounts.pages import SIGNUP, inputs_in, labels_in, text_of

pytestmark = pytest.mark.django_db

# The page of the seed, in its order.
LABELS = [
    "Nom de naissance",
    "Numéro de sécurité sociale",
    "Clé",
    "Téléphone fixe",
    "Téléphone mobile",
    "Courriel personnel",
    "Confirmez votre courriel personnel",
    "Mot de passe",
    "Confirmez votre mot de passe",
    "Contrôle de sécurité",
    *[f"Image {number}" for number in range(1, 6)],
    "Chiffres entendus",
    "J’ai lu et j’accepte les conditions générales d’utilisation",
]
WORDS = [
    "Inscription",
    "S’identifier avec FranceConnect",
    "Qu’est-ce que FranceConnect\u00a0?",
    "FranceConnect est la solution proposée par l’État pour simplifier votre connexion aux services",
    "Elle peut être utilisée pour vous connecter à votre compte usager.",
    "Nom de naissance",
    "Saisissez uniquement votre nom de naissance.",
    "Numéro de sécurité sociale",
    "Saisissez les 13 caractères alphanumériques et la clé à 2 chiffres inscrits sur votre carte vitale",
    "Clé",
    "Téléphone fixe",
    "Téléphone mobile",
    "Un des deux numéros doit être renseigné",
    "Courriel personnel",
    "Confirmez votre courriel personnel",
    "Mot de passe",
    "Il doit être composé d’un minimum de\u00a0:",
    "8 caractères",
    "1 minuscule",
    "1 majuscule",
    "1 chiffre",
    "Confirmez votre mot de passe",
    "Contrôle de sécurité",
    "Cliquez sur l’image",
    "Version sonore",
    "Renouvelez le contrôle de sécurité",
    "J’ai lu et j’accepte",
    "les conditions générales d’utilisation",
    "Je consulte la politique de protection des données personnelles",
    "Annuler",
    "Créer mon compte",
]


def test_page_has_the_labels_of_the_seed_in_its_order(client):
    assert labels_in(client.get(SIGNUP)) == LABELS


def test_page_has_the_words_of_the_seed_in_its_order(client):
    text = text_of(client.get(SIGNUP))
    position = text.index("<h1>")

    for words in WORDS:
        position = text.index(words, position) + len(words)


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("birth_name", "family-name"),
        ("nir", "username"),
        ("nir_key", "off"),
        ("phone_landline", "home tel"),
        ("phone_mobile", "mobile tel"),
        ("email", "email"),
        ("email_confirmation", "email"),
        ("password", "new-password"),
        ("password_confirmation", "new-password"),
    ],
)
def test_page_tells_browsers_what_to_fill(client, name, token):
    assert inputs_in(client.get(SIGNUP))[name]["autocomplete"] == token


def test_page_lets_letters_be_typed_in_the_number(client):
    field = inputs_in(client.get(SIGNUP))["nir"]

    assert field["inputmode"] == "text"
    assert field["autocapitalize"] == "characters"
    assert "maxlength" not in field


def test_page_gives_the_password_rules_to_the_script(client):
    text = text_of(client.get(SIGNUP))

    assert 'data-portal-password-rules="id_password"' in text
    assert text.count("data-portal-rule=") == 4


def test_page_offers_fictitious_numbers_in_demonstration_only(client, settings):
    assert "numéros de sécurité sociale fictifs" in text_of(client.get(SIGNUP))

    settings.DEMONSTRATION = False

    assert "fictifs" not in text_of(client.get(SIGNUP))


def test_links_of_the_page_lead_somewhere(client):
    text = text_of(client.get(SIGNUP))

    for path in ("/franceconnect/", "/cgu/", "/donnees-personnelles/", "/", "/connexion/"):
        assert f'href="{path}"' in text
        assert client.get(path).status_code == 200


def test_franceconnect_says_that_it_is_not_configured(client):
    text = text_of(client.get("/franceconnect/"))

    assert "FranceConnect n’est pas encore disponible" in text
    assert f'href="{SIGNUP}"' in text
