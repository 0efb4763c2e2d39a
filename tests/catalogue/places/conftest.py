import pytest
from django.core.management import call_command

from catalogue.models import Commune


@pytest.fixture(scope="module")
def france(django_db_setup, django_db_blocker):
    """All the communes, loaded once for the module: a test reads them and changes nothing."""
    with django_db_blocker.unblock():
        call_command("load_communes", verbosity=0)
        yield
        Commune.objects.all().delete()
