import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from accounts import hashers
from accounts.hashers import PortalArgon2PasswordHasher, hashing_slot
from cpf_portal.ui.errors import ServiceBusy
from tests.accounts.pages import LOGIN, SIGNUP, sign_up
from tests.factories import make_nir
from tests.production import production_environment

PORTAL_HASHER = "accounts.hashers.PortalArgon2PasswordHasher"


@pytest.fixture
def argon2(settings):
    settings.PASSWORD_HASHERS = [PORTAL_HASHER]


@pytest.fixture
def full_house(monkeypatch):
    """Take every place, and shorten the wait."""
    monkeypatch.setattr(hashers, "WAIT_SECONDS", 0.1)
    with ExitStack() as places:
        for _ in range(hashers.SLOTS):
            places.enter_context(hashing_slot())
        yield


def test_password_is_hashed_by_argon2id_with_the_parameters_of_owasp(argon2):
    encoded = make_password("Motdepasse1")

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("Motdepasse1", encoded)
    assert not check_password("motdepasse1", encoded)


def test_password_is_read_to_its_last_character(argon2):
    encoded = make_password("a" * 300 + "b")

    assert not check_password("a" * 300 + "c", encoded)
    assert check_password("a" * 300 + "b", encoded)


def test_production_uses_this_hasher_alone(tmp_path):
    program = "from cpf_portal.settings import PASSWORD_HASHERS; print(PASSWORD_HASHERS)"

    done = subprocess.run(
        [sys.executable, "-c", program],
        env=production_environment(VAR_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str([PORTAL_HASHER])


@pytest.mark.concurrency
def test_at_most_slots_hashes_run_at_once(argon2, monkeypatch):
    running, seen, lock = 0, [], threading.Lock()
    encode = Argon2PasswordHasher.encode

    def watched(self, password, salt):
        nonlocal running
        with lock:
            running += 1
            seen.append(running)
        try:
            return encode(self, password, salt)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(Argon2PasswordHasher, "encode", watched)
    monkeypatch.setattr(hashers, "SLOTS", 2)
    monkeypatch.setattr(hashers, "WAIT_SECONDS", 30)
    start = threading.Barrier(10)

    def work():
        start.wait()
        PortalArgon2PasswordHasher().encode("Motdepasse1", "selselselsel")

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 10
    assert max(seen) == 2


def test_full_house_refuses_after_the_wait(full_house):
    start = time.monotonic()

    with pytest.raises(ServiceBusy) as refusal, hashing_slot():
        pytest.fail("there was no place")

    assert 0.1 <= time.monotonic() - start < 10
    assert refusal.value.retry_after == hashers.RETRY_AFTER_SECONDS


def test_wait_is_two_seconds():
    assert hashers.WAIT_SECONDS == 2


def test_place_is_free_again_after_an_error(monkeypatch):
    monkeypatch.setattr(hashers, "SLOTS", 1)
    monkeypatch.setattr(hashers, "WAIT_SECONDS", 0.1)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError), hashing_slot():
            _ = 1 / 0


@pytest.mark.django_db
def test_full_house_answers_503_to_a_sign_in(client, argon2, full_house):
    response = client.post(LOGIN, {"nir": make_nir().value, "password": "Motdepasse1"})

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"


@pytest.mark.django_db
def test_full_house_answers_503_to_a_sign_up_and_leaves_the_other_pages(client, argon2, full_house):
    assert sign_up(client).status_code == 503
    assert client.get(SIGNUP).status_code == 200
