from accounts.views.access import (
    ForgottenPasswordDoneView,
    ForgottenPasswordView,
    NewPasswordView,
    SignInView,
    sign_out,
)
from accounts.views.profile import ProfileView
from accounts.views.signup import (
    ConfirmEmailView,
    SignUpView,
    resend_confirmation,
)

__all__ = [
    "ConfirmEmailView",
    "ForgottenPasswordDoneView",
    "ForgottenPasswordView",
    "NewPasswordView",
    "ProfileView",
    "SignInView",
    "SignUpView",
    "resend_confirmation",
    "sign_out",
]
