"""Rule files: sections of Markdown in which rules stand between sentences that rule nothing."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MARK = re.compile(r"r\d{5}v\d+")
"""A rule's mark: its number, and how often it was changed since the file was first written."""

KB = 1000
"""Bytes in a kilobyte, as the sizes of files are told."""


class Kind(enum.Enum):
    """What a rule is about; each section has rules of one kind."""

    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"
    CAUSALITY = "causality"
    SETTING = "setting"


class Language(enum.Enum):
    """In which words a file is written: those by which the SDK tells a rule from other prose."""

    ENGLISH = "en"
    CHINESE = "zh"


@dataclass(frozen=True, slots=True)
class _Wording:
    sections: dict[Kind, str]
    rules: dict[Kind, str]
    prose: tuple[str, ...]
    head: tuple[str, ...]


_WORDINGS = {
    Language.ENGLISH: _Wording(
        sections={
            Kind.FORBIDDEN: "Permissions {}",
            Kind.ALLOWED: "Permissions {}",
            Kind.CAUSALITY: "Causality {}",
            Kind.SETTING: "World {}",
        },
        rules={
            Kind.FORBIDDEN: "Players must not take the relic {} from its shrine.",
            Kind.ALLOWED: "Players may open the gate {} at any hour.",
            Kind.CAUSALITY: "Time never flows back where the clock {} stands.",
            Kind.SETTING: "The magic of the world draws on the well {}.",
        },
        prose=(
            "The hills lie green under a wide sky.",
            "Old songs tell of a voyage to the north.",
            "In the evening the lamps are lit along the river.",
        ),
        head=("# Tone", "", "A calm and sober voice.", ""),
    ),
    Language.CHINESE: _Wording(
        sections={
            Kind.FORBIDDEN: "权限 {}",
            Kind.ALLOWED: "权限 {}",
            Kind.CAUSALITY: "因果 {}",
            Kind.SETTING: "世界观 {}",
        },
        rules={
            Kind.FORBIDDEN: "玩家不能带走神殿的圣物{}。",
            Kind.ALLOWED: "玩家可以随时打开大门{}。",
            Kind.CAUSALITY: "时间在钟楼{}旁不会倒流。",
            Kind.SETTING: "这个世界的魔法来自泉水{}。",
        },
        prose=(
            "山丘在辽阔的天空下泛着绿光。",
            "古老的歌谣讲述着北方的航行。",
            "傍晚时分，河边的灯一盏盏亮起。",
        ),
        head=("# 叙事基调", "", "平静而严肃的口吻。", ""),
    ),
}

_RULES_A_SECTION = 8
_PROSE_A_RULE = 2


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file of about ``kilobytes``, as it is after ``changes``: each change gives every rule
    another mark of the same length (up to 10), and leaves all else as it is."""

    kilobytes: int
    language: Language = Language.ENGLISH
    changes: int = 0

    @property
    def text(self) -> str:
        """What stands in it."""
        return "\n".join(line for line, _ in self._lines())

    @property
    def marks(self) -> frozenset[str]:
        """The marks of its rules."""
        return frozenset(mark for _, mark in self._lines() if mark)

    def write(self, folder: Path) -> Path:
        """Write it as ``rules.md`` into a folder."""
        path = folder / "rules.md"
        path.write_text(self.text, encoding="utf-8")
        return path

    def _lines(self) -> Iterator[tuple[str, str]]:
        """Each line, and the mark of the rule in it, empty if there is none."""
        said = _WORDINGS[self.language]
        kinds = tuple(Kind)
        left = self.kilobytes * KB
        for line in said.head:
            left -= _size(line)
            yield line, ""
        number = 0
        while left > 0:
            kind = kinds[number // _RULES_A_SECTION % len(kinds)]
            lines: list[tuple[str, str]] = []
            if number % _RULES_A_SECTION == 0:
                title = said.sections[kind].format(number // _RULES_A_SECTION + 1)
                lines += [("", ""), (f"# {title}", ""), ("", "")]
            mark = f"r{number:05}v{self.changes % 10}"
            lines.append((said.rules[kind].format(mark), mark))
            for place in range(_PROSE_A_RULE):
                lines.append((said.prose[(number + place) % len(said.prose)], ""))
            left -= sum(_size(line) for line, _ in lines)
            number += 1
            yield from lines


def marks_in(text: str) -> list[str]:
    """The marks in a text, in their order."""
    return MARK.findall(text)


def _size(line: str) -> int:
    return len(line.encode()) + 1
