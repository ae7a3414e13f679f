"""What others say of a target: reading it, and how figures bear on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from unladen.errors import UserError
from unladen.results.claims import Bearing, CitedFigure, read_claims

HEAD = 'title = "What it says"\nsource = "a plan"\n[[part]]\ntitle = "Latency"\n[[part.claim]]\n'
SAID = 'where = "1"\nsays = "it is quick"\n'
FIGURE = '{ series = "m.C.track_x", below = 1 }'


def written(folder: Path, claim: str) -> Path:
    file = folder / "claims.toml"
    file.write_text(HEAD + claim, "utf-8")
    return file


def test_claims_are_read(tmp_path: Path) -> None:
    claims = read_claims(written(tmp_path, f"{SAID}measured = [{FIGURE}]"))
    (part,) = claims.part
    (claim,) = part.claim
    assert (claims.title, part.title, claim.kind) == ("What it says", "Latency", "claim")
    assert claim.measured == [CitedFigure(series="m.C.track_x", below=1)]


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (SAID, "'it is quick' needs either measured or unmeasured"),
        (f'{SAID}measured = [{FIGURE}]\nunmeasured = "no"', "needs either"),
        (f"{SAID}measured = [{{ below = 1 }}]", "a figure is of a series, or of a load"),
        (f'{SAID}measured = [{{ load = "ramp" }}]', "a figure is of a series, or of a load"),
        (f'{SAID}measured = [{{ series = "x", figure = "y" }}]', "a figure is of a series"),
        (f"{SAID}measured = [{{ under = 1 }}]", "it holds no claims: "),
        (f'{SAID}kind = "rumour"\nunmeasured = "no"', "it holds no claims: "),
        ("where = ", "it holds no claims: "),
    ],
)
def test_what_is_no_claim_is_refused_in_one_line(tmp_path: Path, claim: str, why: str) -> None:
    file = written(tmp_path, claim)
    with pytest.raises(UserError) as refused:
        read_claims(file)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{file} is not readable: ")
    assert why in line


@pytest.mark.parametrize(
    ("bounds", "value", "bearing"),
    [
        ({}, 3.0, Bearing.ANSWERS),
        ({"below": 3}, 3.0, Bearing.DISAGREES),
        ({"at_most": 3}, 3.0, Bearing.AGREES),
        ({"above": 3}, 3.0, Bearing.DISAGREES),
        ({"at_least": 3}, 3.0, Bearing.AGREES),
        ({"at_least": 1, "at_most": 2}, 3.0, Bearing.DISAGREES),
        ({"at_least": 1, "at_most": 3}, 3.0, Bearing.AGREES),
        ({"below": 30}, None, Bearing.DISAGREES),  # it has no end
        ({"one_of": ["hang"]}, 6.0, Bearing.AGREES),
        ({"one_of": ["recovered"]}, 6.0, Bearing.DISAGREES),
    ],
)
def test_a_figure_agrees_or_not(
    bounds: dict[str, object], value: float | None, bearing: Bearing
) -> None:
    cited = CitedFigure(series="m.C.track_x", **bounds)  # type: ignore[arg-type]
    assert cited.bearing(value, "hang") is bearing
