"""What templates may say, and what comes of it."""

import lucide
import pytest
from django import forms
from django.template import Context, Template

from doorstep.web.ui.templatetags.ui import letters


def said(template: str, /, **context: object) -> str:
    return Template(template).render(Context(context))


class InvitationForm(forms.Form):
    name = forms.CharField(help_text="As it stands on invoices.")
    email = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput, required=False)
    may_pay = forms.BooleanField(required=False)
    way = forms.ChoiceField(widget=forms.RadioSelect, choices=[("card", "Card")], required=False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Wanda Reyes", "WR"),
        ("Coyote", "Co"),
        ("Olivia de la Cruz", "OC"),
        ("(Ben) Baker", "Ba"),
        ("", "?"),
        ("—", "?"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert letters(name) == expected


def test_an_icon_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(lucide.IconDoesNotExist):
        said('{% icon "no-such-icon" %}')


def test_a_badge_has_tone_icon_and_words() -> None:
    drawn = said('{% badge "overdue" words %}', words="28 days <overdue>")
    assert drawn.startswith('<span class="badge bad"><svg class="icon"')
    assert drawn.endswith("28 days &lt;overdue&gt;</span>")
    assert said('{% badge "something" "New" %}') == '<span class="badge plain">New</span>'


def test_a_field_ties_help_and_error_to_its_input() -> None:
    form = InvitationForm({"name": "", "email": "wanda"})
    drawn = said("{% field form.name %}", form=form)
    assert '<label for="id_name">' in drawn
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_name_helptext">As it stands on invoices.' in drawn
    assert 'id="id_name_error"' in drawn


def test_a_field_keeps_what_was_typed() -> None:
    form = InvitationForm({"name": "Wanda", "email": "wanda"})
    assert 'value="wanda"' in said("{% field form.email %}", form=form)


def test_kinds_of_fields() -> None:
    form = InvitationForm()
    assert 'data-show="id_password"' in said("{% field form.password %}", form=form)
    assert '<div class="check">' in said("{% field form.may_pay %}", form=form)
    assert '<label class="choice" for="id_way_0">' in said("{% field form.way %}", form=form)
    assert '<div class="field half">' in said('{% field form.name class="half" %}', form=form)
    assert "optional" in said("{% field form.password optional=True %}", form=form)


def test_the_summary_leads_to_each_wrong_field() -> None:
    drawn = said("{% errors form %}", form=InvitationForm({"name": "", "email": "wanda"}))
    assert "2 things need correcting" in drawn
    assert '<a href="#id_name">Name</a>' in drawn
    assert said("{% errors form %}", form=InvitationForm()).strip() == ""


def test_parts_leaves_out_what_is_empty() -> None:
    assert (
        said("{{ values|parts }}", values=["Invoice", "", None, "due Fri 18 Dec"])
        == "Invoice · due Fri 18 Dec"
    )
