import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.imports import texts


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Bonjour", "Bonjour"),
        ("<p>Un</p><p>Deux</p>", "Un\n\nDeux"),
        ("<ul><li>Un</li><li>Deux</li></ul>", "- Un\n- Deux"),
        ("<p>Dont :</p><ul>\n <li><p>Un</p></li>\n <li>Deux</li>\n</ul><p>Fin</p>",
         "Dont :\n- Un\n- Deux\n\nFin"),
        ("&lt;p&gt;Un&lt;/p&gt;&lt;p&gt;Deux&lt;/p&gt;", "Un\n\nDeux"),
        ('<font color="red" style="x">Rouge</font>', "Rouge"),
        ("Un<br>Deux<br/>Trois", "Un\nDeux\nTrois"),
        ("Ligne 1\nLigne 2 &amp; 3", "Ligne 1\nLigne 2 & 3"),
        ("score < 785 et > 500", "score < 785 et > 500"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<table><tr><td>A</td><td>B</td></tr></table>", "A B"),
        ("\x85\x92\x9cuvre\x00", "…’œuvre"),
        (None, ""),
        *((filler, "") for filler in ("-", " - ", "Néant", "N/A", "…", "<p>-</p>")),
    ],
)  # fmt: skip
def test_text_is_cleaned(html, expected):
    assert texts.clean(html) == expected


@given(st.text(alphabet=st.sampled_from("ab <>/&;lgtampscripbr!-\n\"'=#"), max_size=60))
def test_cleaning_again_changes_nothing_and_leaves_no_tag(text):
    once = texts.clean(text)

    assert texts.clean(once) == once
    assert not re.search(r"<[a-zA-Z/!?][^<>]*>", once)
