"""What import-linter cannot see: promises about the text of the code, read from its syntax trees."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400

# Drawers without a label. What is in them has a name: find it.
FORBIDDEN_NAMES = {
    "utils",
    "helpers",
    "common",
    "misc",
    "services",
    "selectors",
    "signals",
    "util",
    "helper",
}

# From the top of the map to its lowest line, as in the import contracts.
LAYERS = [
    {"config"},
    {"web"},
    {"notifications", "imports", "exports"},
    {"payments", "reviews"},
    {"sharing"},
    {"sales", "purchases"},
    {"documents"},
    {"files"},
    {"contacts"},
    {"organizations"},
    {"identity"},
    {"activity"},
    {"lib"},
]

# Foreign keys that name a model of a higher layer. Each is a debt with a reason: think before you add one.
UPWARD_KEYS = {
    "activity.Event -> identity.Account",  # who did it
    "activity.Event -> organizations.Organization",  # where it happened
    "organizations.Organization -> files.StoredFile",  # its logo
}


def test_the_web_never_searches_the_world():
    """Views walk from who is asking; a manager would let them meet another tenant's rows."""
    managers = {"objects", "papers", "everything", "_default_manager", "_base_manager"}
    assert not [
        place(path, node)
        for path, node in nodes("doorstep/web")
        if isinstance(node, ast.Attribute)
        and node.attr in managers
        and is_class(node.value)
        # A form's choice begins empty and is filled by whoever asks.
        and node.lineno not in empty_choices(path)
    ]


def test_the_web_does_not_swallow_errors():
    """A refusal is answered once, in `web/ui/refusals.py`; everything else belongs in the error log."""
    assert not [
        place(path, node)
        for path, node in nodes("doorstep/web")
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or names_in(node.type) & BROAD)
        and ast.unparse(node.body[-1]) != "raise"
    ]


def test_only_the_clock_reads_the_time():
    """Time is passed in as `at`, so that a test and a replay may choose it."""
    hidden = {
        "timezone.now",
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "timezone.localdate",
    }
    assert not [
        place(path, node)
        for path, node in nodes("doorstep")
        if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("datetime.") in hidden
        if path != ROOT / "doorstep/lib/clock.py"
    ]


def test_nobody_listens_to_a_model_being_saved():
    """A verb says what happened; who wants to know reads the events."""
    signals = {
        "pre_save",
        "post_save",
        "pre_delete",
        "post_delete",
        "m2m_changed",
        "pre_init",
        "post_init",
    }
    assert not [
        place(path, node)
        for path, node in nodes("doorstep")
        if isinstance(node, ast.ImportFrom) and signals & {name.name for name in node.names}
    ]


def test_keys_that_point_up_the_map_are_on_the_list():
    assert set(upward_keys()) == UPWARD_KEYS


def test_a_name_says_what_is_inside():
    assert not [
        str(path.relative_to(ROOT))
        for path in python_files("doorstep", "tests", "bench")
        if path.stem in FORBIDDEN_NAMES
    ]


def test_models_live_in_models():
    """`models.py`, `models/<noun>.py`; the preferences, one page; a gateway, whole in its folder."""
    assert not [
        place(path, node)
        for path, node in nodes("doorstep")
        if isinstance(node, ast.ClassDef)
        and any("models.Model" in ast.unparse(base) for base in node.bases)
        if path.name not in {"models.py", "preferences.py"}
        and not {"models", "gateways"} & set(path.parts)
    ]


def test_a_package_has_models_in_one_place():
    assert not [
        package.name
        for package in packages()
        if (package / "models").is_dir() and (package / "models.py").exists()
    ]


def test_tasks_live_in_tasks():
    assert not [
        place(path, node)
        for path, node in nodes("doorstep")
        if isinstance(node, ast.FunctionDef)
        and any(
            ast.unparse(decorator).split("(")[0] in {"task", "tasks.task"}
            for decorator in node.decorator_list
        )
        and path.name != "tasks.py"
    ]


def test_rules_know_no_http():
    """Only the faces speak HTTP; below them a request has no meaning."""
    assert not [
        place(path, node)
        for path, node in nodes("doorstep")
        if isinstance(node, ast.ImportFrom) and node.module in {"django.http", "django.shortcuts"}
        if path.relative_to(ROOT / "doorstep").parts[0]
        in {"lib", "activity", "organizations", "contacts", "documents", "sales"}
    ]


def test_files_stay_short():
    assert not [
        f"{path.relative_to(ROOT)}: {length} lines"
        for path in python_files("doorstep", "tests", "bench", "bin")
        if (length := len(path.read_text().splitlines())) > LONGEST_FILE
    ]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style attribute", r"<[^>]+\sstyle\s*="),
        ("a script in the page", r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"),
        ("an event attribute", r"<[^>]+\son[a-z]+\s*="),
        ("a page's own styles", r"<style"),
    ],
)
def test_pages_hold_nothing_that_the_content_policy_blocks(what, pattern):
    pages = (ROOT / "doorstep/web").rglob("*.html")
    assert not [
        str(page.relative_to(ROOT)) for page in pages if re.search(pattern, page.read_text())
    ], what


def is_class(expression: ast.expr) -> bool:
    """`Invoice.objects`, `type(invoice).objects`; a row may well have a column named `papers`."""
    text = ast.unparse(expression)
    return text.startswith("type(") or text.split(".")[-1][:1].isupper()


def empty_choices(path: Path) -> set[int]:
    lines = path.read_text().splitlines()
    return {number for number, line in enumerate(lines, 1) if ".objects.none()" in line}


BROAD = {"Exception", "BaseException"}


def packages() -> Iterator[Path]:
    """The packages that make up the map."""
    return (path for path in (ROOT / "doorstep").iterdir() if (path / "__init__.py").exists())


def python_files(*folders: str) -> Iterator[Path]:
    """Every source file below these folders, migrations aside."""
    for folder in folders:
        yield from (
            path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts
        )


def nodes(folder: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of every syntax tree below this folder, tests aside."""
    for path in python_files(folder):
        if "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                yield path, node


def names_in(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '?')}"


def upward_keys() -> Iterator[str]:
    """`app.Model -> app.Model` for each key that names its target by a string and points to the same line or above."""
    relations = {"ForeignKey", "OneToOneField", "ManyToManyField"}
    for path, model in nodes("doorstep"):
        if not isinstance(model, ast.ClassDef):
            continue
        package = path.relative_to(ROOT / "doorstep").parts[0]
        for call in ast.walk(model):
            if not (
                isinstance(call, ast.Call)
                and call.args
                and ast.unparse(call.func).split(".")[-1] in relations
            ):
                continue
            target = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
            if (
                isinstance(target, str)
                and "." in target
                and is_upward(package, target.split(".")[0])
            ):
                yield f"{package}.{model.name} -> {target}"


def is_upward(package: str, other: str) -> bool:
    return package != other and height(other) <= height(package)


def height(package: str) -> int:
    """The number of the layer, counted from the top."""
    return next((index for index, layer in enumerate(LAYERS) if package in layer), -1)
