from django.urls import path

from accounts import views
from accounts.account_urls import account_urls
from accounts.captcha.urls import captcha_urls
from accounts.franceconnect.urls import franceconnect_urls

app_name = "accounts"

urlpatterns = [
    path("inscription/", views.SignUpView.as_view(), name="signup"),
    path(
        "inscription/confirmation/<str:token>/",
        views.ConfirmEmailView.as_view(),
        name="confirm_email",
    ),
    *captcha_urls,
    *franceconnect_urls,
    path("connexion/", views.SignInView.as_view(), name="login"),
    path("deconnexion/", views.sign_out, name="logout"),
    path("mot-de-passe/oublie/", views.ForgottenPasswordView.as_view(), name="password_reset"),
    path(
        "mot-de-passe/oublie/envoye/",
        views.ForgottenPasswordDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "mot-de-passe/nouveau/<str:uidb64>/<str:token>/",
        views.NewPasswordView.as_view(),
        name="password_reset_confirm",
    ),
    path("mon-compte/", views.ProfileView.as_view(), name="profile"),
    path("mon-compte/confirmation/", views.resend_confirmation, name="confirmation_resend"),
    *account_urls,
]
