from django.urls import path

from accounts.franceconnect import views

franceconnect_urls = [
    path("franceconnect/", views.FranceConnectView.as_view(), name="franceconnect"),
    path("franceconnect/connexion/", views.start, name="franceconnect_start"),
    # Declared to FranceConnect, as is the address after signing out.
    path("franceconnect/retour/", views.callback, name="franceconnect_callback"),
    path("franceconnect/au-revoir/", views.left, name="franceconnect_left"),
    path("franceconnect/identite/", views.IdentityView.as_view(), name="franceconnect_identity"),
    path("franceconnect/preuve/", views.ProofView.as_view(), name="franceconnect_proof"),
    path("franceconnect/compte/", views.AccountView.as_view(), name="franceconnect_account"),
    path("mon-compte/franceconnect/relier/", views.LinkView.as_view(), name="franceconnect_link"),
    path("mon-compte/franceconnect/", views.UnlinkView.as_view(), name="franceconnect_unlink"),
]
