from accounts.forms.access import ForgottenPasswordForm, NewPasswordForm, SignInForm
from accounts.forms.lost import CivilStatusForm, FollowForm, RecoverEmailForm, SupportForm
from accounts.forms.profile import (
    DIPLOMAS,
    AddressForm,
    ChangeEmailForm,
    ChangePasswordForm,
    CloseAccountForm,
    DiplomaForm,
    FreshPasswordForm,
    NoticesForm,
    PhonesForm,
)
from accounts.forms.signup import SignUpForm

__all__ = [
    "DIPLOMAS",
    "AddressForm",
    "ChangeEmailForm",
    "ChangePasswordForm",
    "CivilStatusForm",
    "CloseAccountForm",
    "DiplomaForm",
    "FollowForm",
    "ForgottenPasswordForm",
    "FreshPasswordForm",
    "NewPasswordForm",
    "NoticesForm",
    "PhonesForm",
    "RecoverEmailForm",
    "SignInForm",
    "SignUpForm",
    "SupportForm",
]
