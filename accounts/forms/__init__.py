from accounts.forms.access import ForgottenPasswordForm, NewPasswordForm, SignInForm
from accounts.forms.signup import SignUpForm

__all__ = ["ForgottenPasswordForm", "NewPasswordForm", "SignInForm", "SignUpForm"]
