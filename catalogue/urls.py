from django.urls import path

from catalogue import converters, views  # noqa: F401 the converter of the public ids

app_name = "catalogue"
urlpatterns = [
    path("", views.search_page, name="search"),
    path("lieux/", views.places, name="places"),
    path("sujets/", views.subjects, name="subjects"),
    path("comparer/", views.compare_page, name="compare"),
    path("<public_id:public_id>/", views.offer_page, name="offer"),
]
