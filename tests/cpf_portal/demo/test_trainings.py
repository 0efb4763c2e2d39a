import re
from pathlib import Path

import pytest

from catalogue.models import CertificationKind
from cpf_portal.demo import trainings

KINDS = trainings.trainings()


def test_trainings_are_many_and_each_has_its_own_certification():
    assert 60 <= len(KINDS) <= 100
    assert len({training.code for training in KINDS}) == len(KINDS)
    assert len(trainings.families()) == 10


@pytest.mark.parametrize("training", KINDS, ids=lambda training: training.code)
def test_training_is_complete(training):
    assert re.fullmatch(rf"({'|'.join(CertificationKind.values)})\d+", training.code)
    assert (training.level is not None) == training.code.startswith(CertificationKind.RNCP)
    assert 0 < training.price[0] < training.price[1]
    assert 0 < training.hours[0] < training.hours[1]
    assert training.content.startswith("- ")
    assert training.content.count("\n- ") >= 3
    assert all(len(title) <= 200 for title in training.titles)
    assert all((training.objectives, training.results, training.access, training.jobs))


@pytest.mark.parametrize("code", ["CPF200", "CPF202", "CPF206", "RNCP37674", "RNCP38565", "RS5080"])
def test_the_best_known_trainings_are_there(code):
    assert code in {training.code for training in KINDS}


@pytest.mark.parametrize(
    "path", sorted(Path(trainings.__file__).parent.glob("*.toml")), ids=lambda path: path.stem
)
def test_texts_follow_french_typography(path):
    text = path.read_text(encoding="utf-8")

    assert "'" not in text
    assert not re.search(r"\w [:;?!€]", text)
