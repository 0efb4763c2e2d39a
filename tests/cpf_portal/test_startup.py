import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from accounts.models import KeyCheck
from cpf_portal.startup import refuse_unsafe_database

pytestmark = pytest.mark.django_db


def test_startup_with_the_keys_of_the_database_passes():
    refuse_unsafe_database()

    refuse_unsafe_database()

    assert KeyCheck.objects.count() == 1


def test_startup_with_another_encryption_key_names_the_setting(settings):
    refuse_unsafe_database()
    settings.NIR_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(ImproperlyConfigured, match="NIR_ENCRYPTION_KEYS"):
        refuse_unsafe_database()


def test_startup_with_a_new_key_before_the_old_one_passes(settings):
    refuse_unsafe_database()
    settings.NIR_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.NIR_ENCRYPTION_KEYS]

    refuse_unsafe_database()


def test_startup_with_another_index_key_names_the_setting(settings):
    refuse_unsafe_database()
    settings.NIR_INDEX_KEY = "0123456789abcdef" * 4

    with pytest.raises(ImproperlyConfigured, match="NIR_INDEX_KEY"):
        refuse_unsafe_database()


def test_startup_of_a_production_with_demonstration_accounts_is_refused(settings, camille):
    settings.PRODUCTION = True

    with pytest.raises(ImproperlyConfigured, match="démonstration"):
        refuse_unsafe_database()


def test_startup_of_a_demonstration_with_demonstration_accounts_passes(camille):
    refuse_unsafe_database()


def test_startup_without_a_database_goes_on(monkeypatch, caplog):
    def away(manager):
        raise DatabaseError

    monkeypatch.setattr(type(KeyCheck.objects), "verify", away)

    refuse_unsafe_database()

    assert "ne répond pas" in caplog.text
