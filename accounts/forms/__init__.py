from accounts.forms.access import ForgottenPasswordForm, NewPasswordForm, SignInForm
from accounts.forms.lost import (
    CivilStatusForm,
    ContactForm,
    FollowForm,
    RecoverEmailForm,
    SupportForm,
)
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
from accounts.forms.terms import AcceptTermsForm

__all__ = [
    "DIPLOMAS",
    "AcceptTermsForm",
    "AddressForm",
    "ChangeEmailForm",
    "ChangePasswordForm",
    "CivilStatusForm",
    "CloseAccountForm",
    "ContactForm",
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
