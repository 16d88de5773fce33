"""Who may import whom: imports run one way. The list is docs/architecture.md's table; a new arrow is a decision."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "plantation"

# layer: (ours it may import besides itself, outside libraries besides the standard library)
LAYERS = {
    "units": ({"errors"}, set()),
    "errors": (set(), set()),
    "paths": (set(), set()),
    "settings": ({"errors", "paths"}, set()),
    "geometry": ({"units", "errors"}, {"numpy", "shapely", "pyproj"}),
    "domain": ({"units", "errors", "geometry"}, set()),
    "database": ({"errors"}, {"sqlalchemy"}),
    "models": ({"units", "errors", "domain"}, {"sqlalchemy", "shapely"}),
    "services": (
        {"units", "errors", "domain", "geometry", "models", "exchange"},
        {"sqlalchemy", "shapely", "argon2", "pyotp"},
    ),
    "exchange": (
        {"units", "errors", "domain", "geometry"},
        {"shapely", "numpy", "pyproj", "pyogrio", "python_calamine", "xlsxwriter", "defusedxml", "segno", "typst"},
    ),
    "forms": ({"units", "errors", "domain", "geometry"}, {"wtforms", "flask_wtf", "flask_babel", "markupsafe", "shapely"}),
    "web": (
        {
            "units",
            "errors",
            "domain",
            "geometry",
            "services",
            "exchange",
            "forms",
            "database",
            "models",
            "settings",
            "paths",
            "translations",
        },
        {
            "flask",
            "flask_wtf",
            "flask_babel",
            "itsdangerous",
            "wtforms",
            "werkzeug",
            "markupsafe",
            "babel",
            "jinja2",
            "sqlalchemy",
            "apiflask",
            "marshmallow",
            "segno",
            "shapely",
        },
    ),
    "cli": (
        {"units", "errors", "services", "exchange", "geometry", "database", "paths", "settings", "domain", "models", "__init__"},
        {"click", "flask", "alembic", "granian", "sqlalchemy", "shapely", "numpy", "segno", "cryptography"},
    ),
    "__init__": ({"web", "settings", "database", "paths", "errors"}, {"flask"}),
    "translations": (set(), {"babel"}),
}


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path):
    """(line, dotted name) of every import, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: import by full name"
            if node.module == "plantation":
                yield from ((node.lineno, f"plantation.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


@pytest.mark.parametrize("layer", sorted({layer_of(path) for path in PACKAGE.rglob("*.py")}))
def test_a_layer_imports_only_what_it_may(layer):
    ours, outside = LAYERS[layer]
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if layer_of(path) != layer:
            continue
        for line, name in imports_of(path):
            top, _, rest = name.partition(".")
            if top == "plantation":
                target = rest.split(".")[0] or "__init__"
                target = "__init__" if target == "create_app" else target
                if target != layer and target not in ours:
                    wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
            elif top not in outside and top not in sys.stdlib_module_names:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert wrong == []


# The rooms of services/, each standing on those before it; what lies beside them (desk, journal, …) is for all.
ROOMS = ("people", "land", "fruit", "money", "mine", "proof", "folder", "demo")


def test_the_rooms_of_services_stand_on_each_other_one_way():
    services = PACKAGE / "services"
    assert {path.name for path in services.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(ROOMS)
    wrong = []
    for path in sorted(services.rglob("*.py")):
        here = path.parent.name if path.parent != services else None
        for line, name in imports_of(path):
            room = name.split(".")[2] if name.startswith("plantation.services.") else None
            if room in ROOMS and (here is None or ROOMS.index(room) > ROOMS.index(here)):
                wrong.append(f"{path.relative_to(services)}:{line} {name}")
    assert wrong == []


def test_a_ground_is_cut_without_knowing_what_for():
    geometry = PACKAGE / "geometry"
    tiling, known = "plantation.geometry.tiling", {"tiling", "outcomes"}
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, name in imports_of(path):
            inside, module = geometry / "tiling" in path.parents, name.removeprefix("plantation.geometry.").split(".")[0]
            if name.startswith("plantation.geometry.") and inside and module not in known:
                wrong.append(f"{path.name}:{line} {name}")
            if name.startswith(tiling) and geometry not in path.parents:
                wrong.append(f"{path.name}:{line} {name}")
    assert wrong == []


def test_the_pure_layers_ask_for_no_clock_and_no_chance():
    forbidden = {"random", "secrets", "time"}
    wrong = []
    for layer in ("geometry", "domain"):
        for path in sorted((PACKAGE / layer).rglob("*.py")):
            wrong += [f"{path.name}:{line} {name}" for line, name in imports_of(path) if name in forbidden]
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}:
                    wrong.append(f"{path.name}:{node.lineno} .{node.attr}")
    assert wrong == []


def test_services_never_commit():
    wrong = [
        f"{path.name}:{node.lineno}"
        for path in sorted((PACKAGE / "services").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"commit", "rollback"}
        and not (isinstance(node.value, ast.Name) and node.value.id == "savepoint")
    ]
    assert wrong == []


def test_starting_the_command_loads_no_heavy_library():
    import subprocess

    code = (
        "import sys\nfrom plantation.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'flask', 'sqlalchemy', 'shapely', 'numpy', 'pyogrio', 'pyproj', 'typst', 'xlsxwriter', 'alembic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.stderr.strip() == "[]"
    assert "allocate" in run.stdout
