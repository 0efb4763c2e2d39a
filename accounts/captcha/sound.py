"""Join recorded French digits into one WAV file with uneven gaps, speed and loudness, and noise."""

import io
import random
import wave
from array import array
from functools import lru_cache
from pathlib import Path

from django.utils.crypto import salted_hmac

SOUNDS = Path(__file__).resolve().parent / "sounds"
VOICES = "abcd"
RATE = 8000  # samples a second, mono, 16 bit


def spoken_wav(digits: str, key: str) -> bytes:
    """Return a WAV file that speaks `digits`, always the same one for a given challenge key.

    The same, because Safari asks for a sound in several ranges, which may reach several workers; the
    draws come from a keyed hash of `key`, so that only the server can tell them beforehand.
    """
    draw = random.Random(salted_hmac("accounts.captcha.sound", key, algorithm="sha256").digest())  # noqa: S311 seeded by a secret
    samples = silence(draw, 0.4, 0.8)
    for digit in digits:
        samples += spoken(digit, draw)
        samples += silence(draw, 0.35, 0.9)
    return wav_file(with_noise(samples, draw))


def spoken(digit: str, draw: random.Random) -> array:
    """One digit in a voice, at a speed and loudness drawn for it."""
    recording = samples_of(draw.choice(VOICES), digit)
    speed, loudness = draw.uniform(0.92, 1.08), draw.uniform(0.75, 1.2)
    length = int((len(recording) - 1) / speed)
    return array("h", (int(recording[int(i * speed)] * loudness) for i in range(length)))


@lru_cache(maxsize=len(VOICES) * 10)
def samples_of(voice: str, digit: str) -> array:
    with wave.open(str(SOUNDS / f"{voice}-{digit}.wav")) as recording:
        return array("h", recording.readframes(recording.getnframes()))


def silence(draw: random.Random, shortest: float, longest: float) -> array:
    """A gap of a length in seconds between the two."""
    return array("h", bytes(2 * int(RATE * draw.uniform(shortest, longest))))


def with_noise(samples: array, draw: random.Random) -> array:
    # The recordings peak at half the range: voice and noise together cannot overflow 16 bits.
    level = draw.uniform(3, 6)
    noise = array("b", draw.randbytes(len(samples)))
    return array(
        "h", (int(voice + level * hiss) for voice, hiss in zip(samples, noise, strict=True))
    )


def wav_file(samples: array) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes(samples.tobytes())
    return file.getvalue()
