"""The files of an import as a form; what is wrong with one of them stands beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.imports.models import ImportFile, Mode
from doorstep.imports.reading import NotReadable
from doorstep.organizations.models import Organization

MOST_FILES = 12


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, each recognised and kept."""

    widget = FilesInput(attrs={"accept": ".csv,text/csv,text/plain"})
    organization: Organization

    def clean(self, data: Any, initial: Any = None) -> list[ImportFile]:
        uploads = data if isinstance(data, list) and data else [None]
        if len(uploads) > MOST_FILES:
            raise ValidationError(_("At most %(most)d files at once.") % {"most": MOST_FILES})
        kept: list[ImportFile] = []
        wrong: list[str] = []
        for upload in uploads:
            checked = super().clean(upload, initial)
            try:
                kept.append(self._read(checked))
            except NotReadable as reason:
                wrong.append(f"{checked.name}: {reason}")
        if wrong:
            for file in kept:
                file.forget()
            raise ValidationError(wrong)
        return kept

    def _read(self, upload: UploadedFile[Any]) -> ImportFile:
        assert upload.file is not None
        return ImportFile.read(upload.file, upload.name or "", self.organization.pk)


class ImportForm(forms.Form):
    uploads = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "Contacts.csv, Vendors.csv, Invoice.csv and Customer_Payment.csv, all at once or one after "
            "the other. Up to 200 MB each."
        ),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("If a row has a problem"),
        widget=forms.RadioSelect,
        initial=Mode.ALL_OR_NOTHING,
        choices=[
            (Mode.ALL_OR_NOTHING, gettext_lazy("Take nothing until the files are mended")),
            (Mode.TAKE_GOOD, gettext_lazy("Take the good rows and give me the bad ones as CSV")),
        ],
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["uploads"]
        assert isinstance(field, FilesField)
        field.organization = organization
