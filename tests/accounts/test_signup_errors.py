import pytest
from django.test import Client

from accounts.models import OutgoingMail, User
from tests.accounts.pages import SIGNUP, inputs_in, sign_up, signup_data, text_of
from tests.factories import make_nir

pytestmark = pytest.mark.django_db

BAD_INPUTS = [
    ({"birth_name": ""}, "birth_name", "Saisissez votre nom de naissance."),
    ({"birth_name": "R2D2"}, "birth_name", "Saisissez votre nom avec des lettres"),
    ({"birth_name": "Du\trand"}, "birth_name", "Saisissez votre nom avec des lettres"),
    ({"birth_name": "a" * 101}, "birth_name", "Saisissez un nom de 100 caractères au plus."),
    ({"nir": ""}, "nir", "Saisissez votre numéro de sécurité sociale."),
    ({"nir": "285"}, "nir", "Saisissez les 13 caractères"),
    ({"nir": "9850599999001"}, "nir", "Saisissez les 13 caractères"),
    ({"nir": "1" * 41}, "nir", "Saisissez seulement votre numéro"),
    ({"nir_key": ""}, "nir_key", "Saisissez la clé, les 2 chiffres"),
    ({"nir_key": "98"}, "nir", "La clé ne correspond pas au numéro"),
    ({"nir_key": "12345678901"}, "nir_key", "Saisissez les 2 chiffres de la clé."),
    ({"phone_mobile": ""}, "phone_mobile", "Renseignez au moins un numéro de téléphone"),
    ({"phone_mobile": "123"}, "phone_mobile", "Saisissez un numéro de téléphone mobile valable"),
    ({"phone_landline": "x"}, "phone_landline", "Saisissez un numéro de téléphone fixe valable"),
    ({"phone_landline": "06 12 34 56 78"}, "phone_landline",
     "Ce numéro est celui d’un téléphone mobile\u00a0: saisissez-le dans «\u00a0Téléphone mobile\u00a0»."),
    ({"phone_mobile": "01 23 45 67 89"}, "phone_mobile",
     "Ce numéro est celui d’un téléphone fixe\u00a0: saisissez-le dans «\u00a0Téléphone fixe\u00a0»."),
    ({"phone_landline": "0262 12 34 56", "phone_mobile": "0262 12 34 56"}, "phone_mobile",
     "Ce numéro est celui d’un téléphone fixe"),
    ({"phone_mobile": "0812 345 678"}, "phone_mobile", "Ce numéro est un numéro spécial"),
    ({"email": ""}, "email", "Saisissez votre adresse de courriel."),
    ({"email": "camille"}, "email", "Saisissez une adresse de courriel complète"),
    ({"email": "a@b.fr\r\nBcc: c@d.fr"}, "email", "Saisissez une adresse de courriel complète"),
    ({"email": "a" * 250 + "@b.fr"}, "email", "254 caractères"),
    ({"email_confirmation": ""}, "email_confirmation", "Saisissez une seconde fois votre adresse"),
    ({"email_confirmation": "autre@example.org"}, "email_confirmation",
     "Les deux adresses de courriel sont différentes"),
    ({"password": ""}, "password", "Saisissez votre mot de passe."),
    ({"password": "court"}, "password", "Complétez votre mot de passe"),
    ({"password": "Azerty123", "password_confirmation": "Azerty123"}, "password", "trop courant"),
    ({"password": "Durand-2031", "password_confirmation": "Durand-2031"}, "password",
     "Choisissez un mot de passe sans votre nom"),
    ({"password_confirmation": ""}, "password_confirmation", "Saisissez une seconde fois"),
    ({"password_confirmation": "Motdepasse2"}, "password_confirmation",
     "Les deux mots de passe sont différents"),
    ({"cgu": ""}, "cgu", "Cochez la case pour accepter les conditions générales d’utilisation"),
    ({"captcha_1": "", "captcha_2": ""}, "captcha", "Cliquez sur l’image demandée"),
    ({"captcha_0": "0" * 40}, "captcha", "Le contrôle de sécurité a expiré ou a déjà servi."),
    ({"captcha_0": ""}, "captcha", "Le contrôle de sécurité a expiré ou a déjà servi."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field", "sentence"), BAD_INPUTS)
def test_sign_up_says_next_to_the_field_what_to_do(client, changes, field, sentence):
    response = sign_up(client, **changes)

    text = text_of(response)
    assert response.status_code == 422
    assert "<title>Erreur\u00a0: Inscription" in text
    error = text.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    assert sentence in error
    summary = text.split('role="alert"')[1].split("</ul>")[0]
    assert sentence in summary
    assert f'href="#id_{field}' in summary
    assert f"id_{field}_error" in text.split(f'id="id_{field}_error"')[1]  # aria-describedby
    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(("changes", "field", "sentence"), BAD_INPUTS[:-3])
def test_sign_up_keeps_what_was_typed_but_the_number_and_the_passwords(
    client, changes, field, sentence
):
    nir = make_nir()
    typed = signup_data(nir, **({"phone_landline": "01 23 45 67 89"} | changes))

    response = client.post(SIGNUP, typed)

    fields = inputs_in(response)
    for name in ("birth_name", "phone_landline", "phone_mobile", "email", "email_confirmation"):
        assert fields[name].get("value", "").split() == typed[name].split()
    assert ("checked" in fields["cgu"]) is (typed["cgu"] == "on")
    for name in ("nir", "nir_key", "password", "password_confirmation", "captcha_2"):
        assert "value" not in fields[name]
    assert nir.value not in text_of(response)
    assert "ne sont pas conservés" in text_of(response)


def test_sign_up_with_nothing_explains_every_field(client):
    response = client.post(SIGNUP, {})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [
        "birth_name",
        "nir",
        "email",
        "email_confirmation",
        "password",
        "password_confirmation",
        "captcha",
        "cgu",
        "phone_mobile",
    ]


def test_sign_up_needs_only_one_telephone(client):
    assert sign_up(client, phone_mobile="", phone_landline="0262 12 34 56").status_code == 302
    assert User.objects.get().phone_landline == "+262262123456"


@pytest.mark.parametrize(
    "value", ["\x00", "a\x00b", "\ud800", "é" * 5000, "{{ 7|add:35 }}", "<script>alert(1)</script>"]
)
@pytest.mark.parametrize(
    "name",
    ["birth_name", "nir", "nir_key", "phone_mobile", "email", "password", "captcha_0", "cgu"],
)
def test_sign_up_meets_no_input_with_an_error_of_ours(name, value):
    data = signup_data(**{name: value})
    body = "&".join(f"{key}={quote_any(text)}" for key, text in data.items())

    response = Client().post(SIGNUP, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422
    assert "<script>alert" not in text_of(response)


def quote_any(text: str) -> str:
    """Percent-encode any text, lone surrogates included."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
