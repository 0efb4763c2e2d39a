import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection

from accounts.crypto import blind_index, decrypt, encrypt
from accounts.models import KeyCheck, Titulaire
from tests.factories import TitulaireFactory, make_nir

OTHER_KEY = Fernet.generate_key().decode()


def test_encrypt_never_gives_the_same_text_twice():
    assert encrypt("2550814168025") != encrypt("2550814168025")
    assert decrypt(encrypt("2550814168025")) == "2550814168025"


def test_decrypt_reads_what_an_older_key_wrote(settings):
    written = encrypt("2550814168025")
    settings.NIR_ENCRYPTION_KEYS = [OTHER_KEY, *settings.NIR_ENCRYPTION_KEYS]

    assert decrypt(written) == "2550814168025"


def test_decrypt_with_another_key_names_the_setting(settings):
    written = encrypt("2550814168025")
    settings.NIR_ENCRYPTION_KEYS = [OTHER_KEY]

    with pytest.raises(ImproperlyConfigured, match="NIR_ENCRYPTION_KEYS"):
        decrypt(written)


def test_blind_index_depends_on_purpose_and_key(settings):
    index = blind_index("2550814168025", purpose="nir")

    assert index == blind_index("2550814168025", purpose="nir")
    assert index != blind_index("2550814168025", purpose="autre")
    settings.NIR_INDEX_KEY = "ab" * 32
    assert index != blind_index("2550814168025", purpose="nir")


@pytest.mark.django_db
def test_number_stands_nowhere_in_clear_in_the_database():
    titulaire = TitulaireFactory()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_titulaire")
        stored = str(cursor.fetchall())

    assert titulaire.nir.value not in stored
    assert Titulaire.objects.with_nir(titulaire.nir).get().nir == titulaire.nir


@pytest.mark.django_db
def test_number_cannot_be_searched_but_by_its_index():
    with pytest.raises(FieldError):
        Titulaire.objects.filter(encrypted_nir=make_nir().value).exists()


@pytest.mark.django_db
def test_key_check_accepts_its_keys_and_names_a_wrong_one(settings):
    KeyCheck.objects.verify()
    KeyCheck.objects.verify()
    assert KeyCheck.objects.count() == 1

    settings.NIR_INDEX_KEY = "ab" * 32
    with pytest.raises(ImproperlyConfigured, match="NIR_INDEX_KEY"):
        KeyCheck.objects.verify()

    settings.NIR_ENCRYPTION_KEYS = [OTHER_KEY]
    with pytest.raises(ImproperlyConfigured, match="NIR_ENCRYPTION_KEYS"):
        KeyCheck.objects.verify()
