"""Files that people at a customer or vendor send."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.web.ui.uploads import FilesField


class UploadForm(forms.Form):
    sent = FilesField(
        label=_("Files"),
        help_text=_("Up to 10 at once, 10 MB each: PDF, pictures, office files, CSV and text."),
    )


class NewVersionForm(forms.Form):
    sent = FilesField(label=_("New version"), most=1)
