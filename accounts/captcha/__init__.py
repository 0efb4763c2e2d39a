"""Contrôle de sécurité of the sign-up: five pictures, one of them asked for, and five spoken digits.

How a form uses it::

    from accounts.captcha.fields import ImageCaptchaField

    class SignUpForm(PortalForm, forms.Form):
        captcha = ImageCaptchaField()

        def __init__(self, *args, session, ip, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["captcha"].bind(session, ip=ip)

How a view uses it::

    form = SignUpForm(request.POST or None, session=request.session, ip=client_ip(request))
    if request.method == "POST" and "captcha_renew" not in request.POST and form.is_valid():
        ...  # the challenge is used up: right or wrong, an answer never serves twice
    is_shown = form.fields["captcha"].renew()  # call it once before EVERY display of the form
    status = 200 or 422 when is_shown else 429

- ``renew()`` issues a new challenge, keeps its key in the session and shows it. It returns False
  when this address has asked for too many: the widget then says so, and the seconds to wait are
  in ``form.fields["captcha"].retry_after``. Without ``renew()`` there is nothing to click on.
- The button "Renouvelez le contrôle de sécurité" submits ``captcha_renew=1`` (no validation in
  the browser): show the form again, unvalidated, with ``initial`` taken from what was posted
  (never the passwords nor the NIR) and status 200. ``static/js/captcha.js`` does the same in
  place; add ``{% static "js/captcha.js" %}`` with ``defer`` to the block ``scripts``.
- Validate outside any transaction: a rollback would bring a used challenge back to life.
- The addresses of pictures, sound and renewal: ``from accounts.captcha.urls import captcha_urls``,
  then ``urlpatterns = [..., *captcha_urls]`` in ``accounts/urls.py``.
- The field is a group (names ``captcha_0`` key, ``captcha_1`` choice, ``captcha_2`` digits), its
  error has the id ``id_captcha_error`` and the error summary links to ``#id_captcha_group``.
- Tests: ``tests/accounts/captcha/helpers.py`` (``solve(form_or_html)`` gives the three values to
  post, ``right_answer(key)`` the index and the digits). There is no test mode.
"""
