import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Titulaire, User
from accounts.nir import Nir
from accounts.validators import validate_person_name

PERSON = User(
    titulaire=Titulaire(birth_name="Le Goff-Martin", nir=Nir.parse("2550814168025")),
    email="prune.legoff@example.org",
    phone_mobile="+33612345678",
)


@pytest.mark.parametrize(
    "name",
    [
        "O",
        "Durand",
        "d’Ormesson",
        "D'Almeida",
        "Le Goff-Martin",
        "de La Fontaine",
        "N’Diaye",
        "Þórsdóttir",
        "Nguyễn",
        "Иванова",
        "李",
        "محمدی",
        "حسین\u200cزاده",
        "שלום",
        "St. John",
        "L·l",
        "é" * 100,
    ],
)
def test_person_name_accepts_any_script(name):
    validate_person_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "-",
        "'",
        "Durand\n",
        "Du\x00rand",
        "\u202eDurand",
        "R2D2",
        "<b>D</b>",
        "a@b.fr",
        "😀",
    ],
)
def test_person_name_refuses_what_is_no_name(name):
    with pytest.raises(ValidationError, match="lettres"):
        validate_person_name(name)


@pytest.mark.parametrize(
    "password",
    [
        "Motdepasse1",
        "Ab1------",
        "Éclair sur 2 étangs",
        "Пароль-длинный-7",
        "Aa1" + "😀" * 128,
        "Tilleul-Voyage-21",
    ],
)
def test_password_accepts_what_follows_the_four_rules(password):
    validate_password(password, PERSON)


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("Ab1defg", "8 caractères"),
        ("MOTDEPASSE1", "1 minuscule"),
        ("motdepasse1", "1 majuscule"),
        ("Motdepasse", "1 chiffre"),
        ("", "8 caractères, 1 minuscule, 1 majuscule, 1 chiffre"),
    ],
)
def test_password_names_the_rules_that_it_misses(password, missing):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, PERSON)

    assert f"Complétez votre mot de passe\u00a0: il manque {missing}." in refusal.value.messages


@pytest.mark.parametrize("password", ["Password1", "Azerty123", "Qwerty123"])
def test_password_refuses_common_ones(password):
    with pytest.raises(ValidationError, match="trop courant"):
        validate_password(password, PERSON)


@pytest.mark.parametrize(
    "password",
    [
        "Legoff-Martin9",
        "Xx1legoffmartin",
        "Prune-2031",
        "Aa612345678",
        "Ab2550814168025",
    ],
)
def test_password_refuses_what_others_know_of_the_person(password):
    with pytest.raises(ValidationError, match="sans votre nom"):
        validate_password(password, PERSON)


def test_password_refuses_more_than_4096_bytes():
    with pytest.raises(ValidationError, match="plus court"):
        validate_password("Aa1" + "é" * 2100, PERSON)
