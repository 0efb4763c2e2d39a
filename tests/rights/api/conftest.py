import pytest

from tests.rights.dossiers.steps import NOW


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)
