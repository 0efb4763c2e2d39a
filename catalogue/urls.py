from django.urls import path, register_converter

from catalogue import views


class PublicIdConverter:
    """What a public id may be: providers number as they please, a slash included.

    A NUL never reaches PostgreSQL, which refuses it.
    """

    regex = r"[^\x00]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PublicIdConverter, "public_id")

app_name = "catalogue"
urlpatterns = [
    path("", views.search_page, name="search"),
    path("lieux/", views.places, name="places"),
    path("sujets/", views.subjects, name="subjects"),
    path("<public_id:public_id>/", views.offer_page, name="offer"),
]
