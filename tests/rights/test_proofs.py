import io
import stat

import pytest
from PIL import Image

from cpf_portal.ui import proofs
from cpf_portal.ui.proofs import ProofRefused, read_proof
from rights.proofs import dif_proofs
from tests.rights import images


def read(content: bytes) -> proofs.Proof:
    return read_proof(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(images.PDF, proofs.PDF), (images.jpeg(), proofs.JPEG), (images.png(), proofs.PNG)],
    ids=["pdf", "jpeg", "png"],
)
def test_proof_is_recognised_by_its_content(content, media_type):
    assert read(content).media_type == media_type


def test_pdf_is_kept_as_it_is():
    assert read(images.PDF).content == images.PDF


def test_photograph_loses_its_place_and_stands_upright():
    sent = images.jpeg(size=(60, 40), orientation=6)

    image = Image.open(io.BytesIO(read(sent).content))

    assert image.size == (40, 60)
    assert dict(image.getexif()) == {}
    assert b"Exif" in sent
    assert b"Exif" not in read(sent).content


def test_html_in_a_png_does_not_survive():
    sent = images.html_in_png()

    kept = read(sent).content

    assert images.HTML in sent
    assert b"script" not in kept
    assert Image.open(io.BytesIO(kept)).size == (60, 40)


def test_large_image_is_reduced_to_what_can_be_read():
    kept = read(images.jpeg(size=(5000, 2500))).content

    assert Image.open(io.BytesIO(kept)).size == (4000, 2000)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vide"),
        (images.HTML, "PDF, JPEG ou PNG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "PDF, JPEG ou PNG"),
        (b"GIF89a" + bytes(50), "PDF, JPEG ou PNG"),
        (b"PK\x03\x04" + bytes(50), "PDF, JPEG ou PNG"),
        (images.png()[:60], "abîmée"),
        (images.jpeg(size=(800, 800))[:700], "abîmée"),
        (images.bomb(100_000, 100_000), "trop grande"),
        (images.bomb(10_000, 10_000), "trop grande"),
        (images.bomb(6_400, 6_400), "trop grande"),
        (b"%PDF-1.4\n", "incomplet"),
        (b" " + images.PDF, "PDF, JPEG ou PNG"),
        (images.PDF.replace(b"1 0 obj", b"/JavaScript"), "programme"),
        (images.PDF + bytes(5 * 1024 * 1024), "5\u00a0Mo"),
    ],
)
def test_file_that_cannot_be_a_proof_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(ProofRefused, match=sentence):
        read(content)


def test_file_of_five_mebibytes_is_taken():
    filler = 5 * 1024 * 1024 - len(images.PDF)
    content = images.PDF[:9] + b"%" * (filler - 1) + b"\n" + images.PDF[9:]

    assert len(content) == 5 * 1024 * 1024
    assert read(content).content == content


def test_proof_is_kept_encrypted_under_a_random_name(var_dir):
    name, other = dif_proofs.store(read(images.PDF)), dif_proofs.store(read(images.PDF))

    path = var_dir / "pieces" / name
    assert name != other
    assert len(name) == 32
    assert b"PDF" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert dif_proofs.load(name) == images.PDF


def test_removed_proof_is_gone():
    name = dif_proofs.store(read(images.PDF))

    dif_proofs.remove(name)
    dif_proofs.remove(name)

    with pytest.raises(FileNotFoundError):
        dif_proofs.load(name)
