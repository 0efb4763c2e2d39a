"""A signed-in person whose password is fresh, and files that she sends."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.accounts.pages import sign_in
from tests.factories import PASSWORD, UserFactory
from tests.html import GuardedClient

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in(user: User | None = None, *, agent: str = FIREFOX) -> tuple[User, Client]:
    """Sign in by the form, which makes the password fresh; return the account and its client."""
    user = user or UserFactory()
    client = GuardedClient(headers={"user-agent": agent})
    assert sign_in(client, user.titulaire.nir, PASSWORD).status_code == 302
    return user, client


def photo(name: str = "carte.jpg", kind: str = "JPEG") -> SimpleUploadedFile:
    """Return a picture whose metadata name a place."""
    image, output = Image.new("RGB", (40, 30), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Prise chez moi"
    image.save(output, kind, exif=exif)
    return SimpleUploadedFile(name, output.getvalue(), content_type="image/jpeg")
