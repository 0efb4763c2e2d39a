import io
import wave
from array import array
from itertools import pairwise

import pytest

from accounts.captcha.sound import RATE, SOUNDS, VOICES, samples_of, spoken_wav

KEY = "0123456789abcdef0123456789abcdef01234567"


def opened(sound: bytes) -> wave.Wave_read:
    return wave.open(io.BytesIO(sound))


def test_recordings_hold_each_digit_in_each_voice():
    names = {path.name for path in SOUNDS.glob("*.wav")}

    assert names == {f"{voice}-{digit}.wav" for voice in VOICES for digit in range(10)}
    assert len(VOICES) >= 3


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("digit", "0123456789")
def test_recording_is_short_clean_and_at_half_the_range(voice, digit):
    samples = samples_of(voice, digit)

    assert 0.2 < len(samples) / RATE < 0.6
    assert 12_000 < max(map(abs, samples)) < 18_500


def test_sound_is_mono_16_bits_at_8_khz_and_lasts_a_few_seconds():
    with opened(spoken_wav("40719", KEY)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        assert 3.5 < sound.getnframes() / RATE < 9


def test_sound_holds_five_bursts_of_voice():
    """Cut at its gaps, a sound has as many spoken parts as digits."""
    with opened(spoken_wav("40719", KEY)) as sound:
        samples = array("h", sound.readframes(sound.getnframes()))

    assert spoken_parts(samples) == 5


def spoken_parts(samples: array, *, gap_seconds: float = 0.25) -> int:
    loud = [index for index, value in enumerate(samples) if abs(value) > 2500]
    return 1 + sum(later - earlier > gap_seconds * RATE for earlier, later in pairwise(loud))


def test_sound_of_one_challenge_is_stable_for_range_requests():
    assert spoken_wav("40719", KEY) == spoken_wav("40719", KEY)


def test_sound_of_two_challenges_differs_for_the_same_digits():
    assert len({spoken_wav("40719", f"{number:040x}") for number in range(20)}) == 20


def test_sound_depends_on_the_secret_key(settings):
    before = spoken_wav("40719", KEY)

    settings.SECRET_KEY = "une autre clé"

    assert spoken_wav("40719", KEY) != before
