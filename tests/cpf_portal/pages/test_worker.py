"""The service worker is served from the root, names static files only, and the offline page is nobody's."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from cpf_portal.pages.worker import FILES

pytestmark = pytest.mark.django_db

WORKER = "/service-worker.js"


def test_worker_is_a_script_of_the_root_that_is_asked_again(client):
    answer = client.get(WORKER)

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_worker_keeps_static_files_and_the_offline_page_only(client, settings):
    script = client.get(WORKER).content.decode()
    kept = json.loads(re.search(r"FILES = (\[.*?\]);", script)[1])

    assert kept == [f"{settings.STATIC_URL}{name}" for name in FILES]
    assert all(finders.find(name) for name in FILES)
    assert f'OFFLINE = "{reverse("pages:offline")}"' in script
    assert ".put(" not in script  # nothing that is visited is written to the cache
    assert 'credentials: "omit"' in script


def test_offline_page_names_nobody(client, dominique):
    client.force_login(dominique)

    page = client.get(reverse("pages:offline"))

    assert dominique.titulaire.birth_name in client.get("/").content.decode()
    assert dominique.titulaire.birth_name not in page.content.decode()


def test_manifest_is_installable():
    path = Path(finders.find("manifest.webmanifest"))
    manifest = json.loads(path.read_text(encoding="utf-8"))

    assert manifest["start_url"] == manifest["scope"] == "/"
    assert manifest["display"] == "standalone"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert all(finders.find(icon["src"]) for icon in manifest["icons"])
