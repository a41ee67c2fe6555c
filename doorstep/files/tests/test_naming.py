"""Names that people sent, made harmless (T69)."""

import pytest

from doorstep.files.naming import shown_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("Angebot März.PDF", "Angebot März.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("/etc/x", "x.pdf"),
        ("C:\\Users\\me\\x.pdf", "x.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("two\nlines.pdf", "twolines.pdf"),
        ("cod\u202efdp.exe", "codfdp.exe.pdf"),
        ("CON", "file CON.pdf"),
        ("con.pdf", "file con.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("a.pdf.html", "a.pdf.html.pdf"),
        ("e\u0301t\u00e9.pdf", "été.pdf"),
        ('say "hi"; $(x) `y`.pdf', "say hi (x) y.pdf"),
    ],
)
def test_names(sent: str, shown: str) -> None:
    assert shown_name(sent, "pdf") == shown


def test_a_long_name_keeps_its_suffix() -> None:
    name = shown_name("x" * 300 + ".pdf", "pdf")
    assert len(name) == 100 and name.endswith("x.pdf")
