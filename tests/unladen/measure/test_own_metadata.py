"""An SDK that is not installed asks for its own version."""

from __future__ import annotations

import json
from importlib.metadata import distributions
from pathlib import Path

import pytest

from unladen.errors import UserError
from unladen.measure.own_metadata import name_distribution
from unladen.project.project import project_of


def found(folder: Path) -> dict[str, str]:
    return {one.metadata["Name"]: one.version for one in distributions(path=[str(folder)])}


def test_it_is_found_by_its_name_and_never_twice(tmp_path: Path) -> None:
    name_distribution(tmp_path, "My.SDK", ["numpy"])
    assert found(tmp_path) == {"My.SDK": "0.0.0"}
    name_distribution(tmp_path, "my-sdk", ["numpy", "My_SDK"])
    assert found(tmp_path) == {"My.SDK": "0.0.0"}
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["../x", "a b", "a\n", ".", "-a", 3, "ä"])
def test_a_conf_cannot_name_what_is_none(tmp_path: Path, name: object) -> None:
    conf = json.loads(json.dumps({"repo": "..", "distribution": name}))
    with pytest.raises(UserError, match='"distribution" must be'):
        project_of(conf, tmp_path / "asv.conf.json")
