"""Lines of Chinese and Japanese end between letters, never inside a word of another script."""

from __future__ import annotations

import pytest
from textual.content import Content

from tui.theme.drawing import t, wrap

TEXTS = (
    "请先读取memory-bank/productContext.md再写代码，然后更新activeContext.md文件。",
    "这是上下文文件 productContext.md 的内容（说明了很多事情） and progress.md 更新了",
    "「設定ファイル」はREADME.mdに書く。ページをキャッシュしてから、useQueryを呼ぶ。",
)
WORDS = ("memory-bank/productContext.md", "productContext.md", "activeContext.md", "progress.md", "README.md")


@pytest.mark.parametrize("width", [30, 34, 41, 60, 80])
@pytest.mark.parametrize("text", TEXTS)
def test_a_word_of_another_script_stays_whole(text: str, width: int) -> None:
    lines = [line.plain for line in wrap(text, width)]
    assert "".join("".join(lines).split()) == "".join(text.split()), "nothing is lost"
    assert all(Content(line).cell_length <= width for line in lines)
    assert not any(line[0] in "，。、）」ー" for line in lines)
    assert not any(line[-1] in "（「" for line in lines)
    for word in WORDS:
        assert text.count(word) == sum(line.count(word) for line in lines)


@pytest.mark.parametrize("width", [1, 2, 4, 7])
def test_what_no_line_holds_is_cut(width: int) -> None:
    text = "先读productContext.md吧"
    assert "".join(line.plain for line in wrap(text, width)) == text


def test_styles_and_empty_lines_stay() -> None:
    lines = wrap(t("连接池", ("大小", "strong"), "应根据\n\n工作进程"), 8)
    assert [line.plain for line in lines] == ["连接池大", "小应根据", "", "工作进程"]
    assert [[(s.start, s.end, s.style) for s in line.spans] for line in lines[:2]] == [
        [(3, 4, "strong")],
        [(0, 1, "strong")],
    ]
