"""Files that a business shares, and those that it asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.documents.models import FileRequest
from doorstep.web.ui.uploads import FilesField


class ShareForm(forms.Form):
    sent = FilesField(
        label=_("Files"),
        help_text=_("Up to 10 at once, 10 MB each: PDF, pictures, office files, CSV and text."),
    )
    visible = forms.BooleanField(
        label=_("Visible in the portal"),
        required=False,
        help_text=_("Without the tick only your own team sees them."),
    )


class NewVersionForm(forms.Form):
    sent = FilesField(label=_("New version"), most=1)


class AskForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = FileRequest
        fields = ["title", "due_on", "note"]
        widgets = {
            "due_on": forms.DateInput(attrs={"type": "date"}),
            "note": forms.Textarea(attrs={"rows": 3}),
            "title": forms.TextInput(attrs={"placeholder": _("Tax certificate 2026")}),
        }


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it goes back"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read this, and can send another file."),
    )
