import io
import wave

import pytest
from captcha.models import CaptchaStore
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from PIL import Image

from accounts.captcha import challenges
from accounts.captcha.objects import OBJECTS
from cpf_portal.ui.errors import TooManyRequests
from tests.accounts.captcha.helpers import right_answer

REFRESH = "/inscription/controle/nouveau/"


@pytest.fixture
def challenge(client, db):
    """What the browser of `client` was given."""
    return client.post(REFRESH).json()


def test_addresses_are_those_of_the_design():
    assert reverse("accounts:captcha_refresh") == REFRESH
    assert reverse("accounts:captcha_image", args=("ab12", 3)) == "/inscription/controle/ab12/3.png"
    assert reverse("accounts:captcha_sound", args=("ab12",)) == "/inscription/controle/ab12/son.wav"


@pytest.mark.parametrize("name", ["captcha-image", "captcha-audio", "captcha-refresh"])
def test_addresses_of_the_package_are_not_exposed(name):
    with pytest.raises(NoReverseMatch):
        reverse(name, args=() if name == "captcha-refresh" else ("ab12",))


def test_refresh_gives_a_challenge_without_its_answer(client, challenge):
    _, digits = right_answer(challenge["key"])

    assert sorted(challenge) == ["key", "pictures", "sound", "word"]
    assert challenge["word"] in {name for _, name in OBJECTS}
    assert challenge["pictures"] == [
        f"/inscription/controle/{challenge['key']}/{n}.png" for n in range(1, 6)
    ]
    assert digits not in str(challenge).replace(challenge["key"], "")


def test_refresh_is_a_post(client, db):
    assert client.get(REFRESH).status_code == 405
    assert not CaptchaStore.objects.exists()


def test_refresh_needs_the_token_of_the_form(db):
    assert Client(enforce_csrf_checks=True).post(REFRESH).status_code == 403


def test_refresh_is_limited_by_address(client, db):
    answers = [client.post(REFRESH) for _ in range(100)]

    statuses = [answer.status_code for answer in answers]
    first = statuses.index(429)
    assert set(statuses[:first]) == {200}
    assert set(statuses[first:]) == {429}
    refused = answers[first]
    assert "Patientez" in refused.json()["message"]
    assert int(refused["Retry-After"]) > 0
    assert CaptchaStore.objects.count() <= 3


def test_refresh_of_another_address_is_not_limited(client, db):
    while client.post(REFRESH).status_code == 200:
        pass

    assert client.post(REFRESH, REMOTE_ADDR="192.0.2.77").status_code == 200


def test_refresh_limited_says_when_to_come_back(client, db, monkeypatch):
    def refuse(*args, **kwargs):
        raise TooManyRequests(42)

    monkeypatch.setattr(challenges.limits, "hit", refuse)

    assert client.post(REFRESH)["Retry-After"] == "42"


def test_pictures_are_png_never_kept(client, challenge):
    for address in challenge["pictures"]:
        answer = client.get(address)

        assert answer["Content-Type"] == "image/png"
        assert "no-store" in answer["Cache-Control"]
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.size == (96, 96)


def test_picture_has_other_bytes_at_each_request(client, challenge):
    address = challenge["pictures"][0]

    assert len({client.get(address).content for _ in range(10)}) == 10


@pytest.mark.parametrize("number", ["0", "6", "99999999999999999999", "-1", "a"])
def test_picture_of_another_number_is_not_found(client, challenge, number):
    address = f"/inscription/controle/{challenge['key']}/{number}.png"

    assert client.get(address).status_code == 404


def test_sound_is_a_wav_never_kept(client, challenge):
    answer = client.get(challenge["sound"])

    assert answer.status_code == 200
    assert answer["Content-Type"] == "audio/wav"
    assert "no-store" in answer["Cache-Control"]
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert sound.getparams()[:3] == (1, 2, 8000)


def test_sound_can_be_read_by_ranges(client, challenge):
    whole = client.get(challenge["sound"]).content

    first = client.get(challenge["sound"], headers={"Range": "bytes=0-1"})
    rest = client.get(challenge["sound"], headers={"Range": "bytes=2-"})

    assert (first.status_code, rest.status_code) == (206, 206)
    assert first["Content-Range"] == f"bytes 0-1/{len(whole)}"
    assert rest["Content-Range"] == f"bytes 2-{len(whole) - 1}/{len(whole)}"
    assert first.content + rest.content == whole


def test_sound_refuses_a_range_beyond_its_end(client, challenge):
    answer = client.get(challenge["sound"], headers={"Range": "bytes=999999999-"})

    assert answer.status_code == 416
    assert answer["Content-Range"].startswith("bytes */")


@pytest.mark.parametrize(
    "asked", ["bytes=-5", "bytes=0-1,4-5", "bytes=a-b", "lines=1-2", "bytes=٣-"]
)
def test_sound_ignores_a_range_it_does_not_know(client, challenge, asked):
    assert client.get(challenge["sound"], headers={"Range": asked}).status_code == 200


@pytest.mark.parametrize("file", ["1.png", "son.wav"])
class TestRefusedFiles:
    def test_file_of_a_foreign_session_is_not_found(self, challenge, file):
        address = f"/inscription/controle/{challenge['key']}/{file}"

        assert Client().get(address).status_code == 404

    def test_file_of_an_expired_challenge_is_not_found(self, client, challenge, file):
        CaptchaStore.objects.update(expiration=timezone.now())

        assert client.get(f"/inscription/controle/{challenge['key']}/{file}").status_code == 404

    @pytest.mark.parametrize("key", ["0" * 40, "%00", "é", "x" * 300])
    def test_file_of_an_invented_key_is_not_found(self, client, challenge, file, key):
        assert client.get(f"/inscription/controle/{key}/{file}").status_code == 404

    def test_file_is_read_only(self, client, challenge, file):
        address = f"/inscription/controle/{challenge['key']}/{file}"

        assert client.post(address).status_code == 405
