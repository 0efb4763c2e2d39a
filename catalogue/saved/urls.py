"""Included under /mon-compte/."""

from django.urls import path

from catalogue import converters  # noqa: F401 the converter of the public ids
from catalogue.saved import views

app_name = "saved"
urlpatterns = [
    path("recherches/", views.KeptView.as_view(), name="kept"),
    path("recherches/enregistrer/", views.SaveSearchView.as_view(), name="save"),
    path("recherches/<int:pk>/", views.ChangeSearchView.as_view(), name="change"),
    path("recherches/<int:pk>/supprimer/", views.DeleteSearchView.as_view(), name="delete"),
    path("favoris/ajouter/<public_id:public_id>/", views.AddFavouriteView.as_view(), name="add"),
    path(
        "favoris/retirer/<public_id:public_id>/",
        views.RemoveFavouriteView.as_view(),
        name="remove",
    ),
]
