"""Finding a target's ``asv.conf.json`` by the target's name, and checking it before asv runs.

It is ``targets/NAME/asv.conf.json``, or for one target, the default, the ``asv.conf.json`` beside
the folder ``targets``, where plain asv finds it; the driver is ``targets/NAME/driver.py``, or
``targets/NAME/driver/__init__.py``. An SDK's own repository has one target, conf and driver
together in ``unladen-bench``, as ``unladen init`` writes it.
"""

from __future__ import annotations

import ast
from pathlib import Path

from unladen.errors import UserError
from unladen.project.project import CONF, Project, read_project
from unladen.project.suite import is_installed, suite_root
from unladen.text import json5_text
from unladen.text.names import did_you_mean

NO_CONF = (
    f"there is no {CONF} here or in a folder above: name a target with --target, or a conf with "
    "--config; in an SDK's repository, unladen init makes one"
)
REQUIRED = (
    *("project", "repo", "dvcs", "environment_type", "plugins", "lock"),
    *("benchmark_dir", "env_dir", "results_dir", "html_dir"),
)
DRIVER = "driver.py"
OWN_FOLDER = "unladen-bench"
"""In an SDK's own repository: what measures it. No package can be called so."""
PLUGIN = ".unladen.plugin"


def find(name: str) -> Path:
    """The absolute path of the conf of target ``name``.

    Looks in ``./targets`` and beside it, and in ``./unladen-bench``, likewise in the folders above,
    then in the suite of a checkout. Raises ``UserError`` that lists the known targets.
    """
    for folder in _folders():
        conf = folder / "targets" / name / CONF
        if conf.parent.parent == folder / "targets" and conf.is_file():
            return conf.resolve()
        for own in _own_confs(folder):
            if name and name == _target_of(own):
                return own.resolve()
    known = known_targets()
    listed = ", ".join(known) or "none here"
    said = f"there is no target {name!r}{did_you_mean(name, known)}"
    raise UserError(f"{said}; known targets: {listed}".replace("?; known", "? known"))


def folder_of_conf(start: Path) -> Path | None:
    """The nearest folder, this one or above, or ``unladen-bench`` in it, with a conf that plain asv
    would use there; None without any. A conf beside ``unladen-bench`` is the SDK's own of asv."""
    above = (start, *start.parents)
    folders = (folder for one in above for folder in (one / OWN_FOLDER, one))
    return next(filter(_has_conf, folders), None)


def _has_conf(folder: Path) -> bool:
    return bool(_confs_in(folder))


def _confs_in(folder: Path) -> list[Path]:
    return [path for ending in ("", "c") if (path := folder / f"{CONF}{ending}").is_file()]


def _conf_in(folder: Path) -> Path:
    """The conf that plain asv would use there. Raises ``UserError``."""
    found = _confs_in(folder)
    if not found:
        raise UserError(NO_CONF)
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        raise UserError(f"{folder}: there are {names}: name one with --config")
    return found[0]


def known_targets() -> list[str]:
    """The names of all targets that ``find`` finds."""
    folders = _folders()
    names = {conf.parent.name for folder in folders for conf in folder.glob(f"targets/*/{CONF}")}
    own = (_target_of(conf) for folder in folders for conf in _own_confs(folder))
    return sorted(names.union(filter(None, own)))


def driver_folder(folder: Path, project: str) -> Path:
    """Where the driver of the target is whose conf is in ``folder``."""
    if driver_of(folder).is_file() or folder.parent.name == "targets":
        return folder
    own = folder / "targets" / project
    # The sample's conf may be anywhere; its driver comes with the suite.
    in_suite = suite_root() / "targets" / project
    return in_suite if in_suite.is_dir() and not own.is_dir() else own


def load_project(path: Path | None) -> Project:
    """The project of this conf. Raises ``UserError``.

    None: of the conf in the working directory; if it is a target's, checked as by ``load_target``.
    """
    if path is not None:
        return read_project(path)
    found = _conf_in(Path.cwd())
    return load_target(found) if found.name == CONF and _target_of(found) else read_project(found)


def load_target(path: Path) -> Project:
    """The project of a target, checked together with its driver. Raises ``UserError``, one line."""
    project = read_project(path)
    project.require(REQUIRED)
    folder = driver_folder(path.parent, project.name)
    if project.dvcs != "unladen":
        raise UserError(f'{path}: "dvcs" must be "unladen"')
    if folder.parent.name == "targets" and project.name != folder.name:
        raise UserError(f'{path}: "project" must be "{folder.name}"')
    plugins = project.written["plugins"]
    if not isinstance(plugins, list) or PLUGIN not in plugins:
        raise UserError(f'{path}: "plugins" must contain "{PLUGIN}"')
    check_driver(driver_of(folder))
    return project


def driver_of(folder: Path) -> Path:
    """The file of a target's driver: a module, or the beginning of a package."""
    package = folder / "driver" / "__init__.py"
    return package if package.is_file() else folder / DRIVER


def check_driver(path: Path) -> None:
    """Read the driver without running it. Raises ``UserError`` if it has no ``TARGET``."""
    if not path.is_file():
        raise UserError(f"{path}: there is no such driver")
    try:
        module = ast.parse(path.read_bytes(), str(path))
        compile(module, str(path), "exec")
    except SyntaxError as error:
        raise UserError(f"{path}: line {error.lineno}: {error.msg}") from error
    except ValueError as error:
        raise UserError(f"{path}: {error}") from error
    if not any(_defines_target(statement) for statement in module.body):
        raise UserError(f"{path}: must define TARGET = Target(...) at its top level")


def _folders() -> list[Path]:
    here = Path.cwd()
    # What is measured from an installed suite would be written there.
    suite = [] if is_installed() else [suite_root()]
    return [here, *here.parents, *suite]


def _own_confs(folder: Path) -> tuple[Path, Path]:
    """Where the conf of the one target of a folder may be."""
    return folder / CONF, folder / OWN_FOLDER / CONF


def _target_of(conf: Path) -> str | None:
    """The project of a conf, if it is there and has a driver."""
    if not conf.is_file():
        return None
    try:
        project = json5_text.loads(conf.read_text("utf-8")).get("project")
    except (ValueError, AttributeError, OSError, RecursionError):
        # Unreadable, so nobody's: whoever names the file itself is told what is wrong with it.
        return None
    if not isinstance(project, str) or project != Path(project).name:
        return None
    return project if driver_of(driver_folder(conf.parent, project)).is_file() else None


def _defines_target(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        names = [target for target in statement.targets if isinstance(target, ast.Name)]
        return any(name.id == "TARGET" for name in names)
    if isinstance(statement, ast.AnnAssign):
        target = statement.target
        return isinstance(target, ast.Name) and target.id == "TARGET" and bool(statement.value)
    if isinstance(statement, ast.ImportFrom):
        return any((alias.asname or alias.name) == "TARGET" for alias in statement.names)
    return False
