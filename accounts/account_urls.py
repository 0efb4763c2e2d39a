"""The pages of the life of an account, after sign-up and sign-in."""

from django.urls import path

from accounts.views import account, lost, news, security, terms

account_urls = [
    path("mon-compte/telephones/", account.PhonesView.as_view(), name="phones"),
    path("mon-compte/adresse/", account.AddressView.as_view(), name="address"),
    path("mon-compte/diplome/", account.DiplomaView.as_view(), name="diploma"),
    path("mon-compte/avertissements/", account.NoticesView.as_view(), name="notices"),
    path("mon-compte/courriel/", account.EmailView.as_view(), name="email_change"),
    path("mon-compte/etat-civil/", lost.CivilStatusView.as_bounded_view(), name="civil_status"),
    path("mon-compte/verification/", security.VerifyPasswordView.as_view(), name="verify_password"),
    path("mon-compte/mot-de-passe/", security.ChangePasswordView.as_view(), name="password_change"),
    path("mon-compte/connexions/", security.sessions, name="sessions"),
    path("mon-compte/connexions/fermer/", security.close_other_sessions, name="sessions_close"),
    path("mon-compte/connexions/<int:pk>/fermer/", security.close_session, name="session_close"),
    path("mon-compte/historique/", security.history, name="history"),
    path("mon-compte/codes/", security.RecoveryCodesView.as_view(), name="recovery_codes"),
    path(
        "courriel/confirmation/<str:token>/",
        lost.ConfirmNewEmailView.as_view(),
        name="email_change_confirm",
    ),
    path("courriel/arret/<str:token>/", news.StopNewsView.as_view(), name="news_stop"),
    path("courriel/perdu/", lost.RecoverEmailView.as_view(), name="recover_email"),
    path("courriel/perdu/envoye/", lost.RecoverEmailDoneView.as_view(), name="recover_email_done"),
    path("ce-n-est-pas-moi/<str:token>/", lost.NotMeView.as_view(), name="not_me"),
    path("compte-bloque/", lost.BlockedView.as_view(), name="blocked"),
    path("contact/", lost.ContactView.as_view(), name="contact"),
    path("conditions/", terms.AcceptTermsView.as_view(), name="accept_terms"),
    path("assistance/demande/", lost.AskSupportView.as_bounded_view(), name="support_ask"),
    path("assistance/demande/envoyee/", lost.support_sent, name="support_sent"),
    path("assistance/suivi/", lost.FollowSupportView.as_view(), name="support_follow"),
]
