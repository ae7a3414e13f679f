"""What pip is told of an index, uv is told too; and what uv says of a failure, in one line."""

from __future__ import annotations

from pathlib import Path

from unladen.measure.package_index import complaint, pip_settings, uv_variables

LISTED = """\
global.index-url='https://example.org/simple'
global.cert='/etc/ssl/certs/ca.crt'
install.find-links='/opt/wheels\\nwheels'
freeze.index-url='https://example.org/not-for-install'
:env:.index-url='https://ann:secret@example.org/own/simple'
:env:.extra-index-url='https://one.example https://two.example'
WARNING: something else
"""


def test_pips_settings_are_uvs() -> None:
    settings = pip_settings(LISTED)
    assert settings["index-url"] == "https://ann:secret@example.org/own/simple"
    assert uv_variables(settings) == {
        "UV_DEFAULT_INDEX": "https://ann:secret@example.org/own/simple",
        "UV_INDEX": "https://one.example https://two.example",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": f"/opt/wheels,{Path.cwd() / 'wheels'}",
        "SSL_CERT_FILE": "/etc/ssl/certs/ca.crt",
    }


def test_no_settings_are_none() -> None:
    assert uv_variables(pip_settings("")) == {}
    assert uv_variables({"no-index": "true"}) == {"UV_NO_INDEX": "1"}
    assert uv_variables({"no-index": "false"}) == {}


def test_a_complaint_is_one_line_without_advice() -> None:
    said = (
        "error: No solution found when resolving dependencies\n"
        "  cause: Because there is no version of a==9\n"
        "         and you require a==9, we can conclude that it is hopeless.\n"
        "\nhint: try another one\n"
    )
    assert complaint(said) == (
        "No solution found when resolving dependencies Because there is no version of a==9 "
        "and you require a==9, we can conclude that it is hopeless."
    )
    old = "  × No solution found:\n  ╰─▶ Because of that\n"
    assert complaint(old) == "No solution found: Because of that"
    assert complaint("") == "uv failed and said nothing"
