import pytest
from django.core.cache import cache

from tests.accounts.franceconnect.provider import FakeProvider


@pytest.fixture
def provider(settings):
    """A provider that tells the truth until the test says otherwise."""
    cache.clear()
    provider = FakeProvider()
    provider.start()
    settings.FRANCECONNECT = provider.settings()
    yield provider
    provider.stop()
