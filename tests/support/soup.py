"""Strategies: well-formed files, and soup of everything that was seen to break one."""

from __future__ import annotations

from hypothesis import strategies as st

_BITS = [
    *("<a>", "</a>", "<b>", "</b>", '<c x="1">', "</c>", "<d/>", "<é>", "</é>", "<a", ">", "</", "<", "/"),
    *(
        "&",
        "&amp;",
        "&lt;",
        "&nbsp;",
        "&foo;",
        "&#0;",
        "&#65;",
        '"',
        "'",
        "=",
        " x=",
        ' x="1"',
        " y='2'",
        " z",
    ),
    *(' x="a<b"', ' a="1" a="2"', "<e id=5>", "<e id=5 />", "</e>", "</a >", "</a x>", "<b of c>", "</b/>"),
    *("\n", "\n  ", "\r\n", "\r", " ", "text", "5 < 6", "R&D", "]", "]]>", "<![CDATA[", "<!--", "-->", "--"),
    *(
        "<?",
        "?>",
        "<?pi x?>",
        '<?xml version="1.0"?>',
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!DOCTYPE a>",
    ),
    *("\0", "\x1b", "é", "\u2028", "\x85", "\udce9", "\ufffe", "\ufeff", "😀"),
    *("<p:a>", "</p:a>", ' p:x="1"', ' q:x="2"', ' xmlns:p="u"', ' xmlns:q="u"', ' xmlns="v"', ' xmlns:p=""'),
    *(' xmlns:xml="u"', ' xmlns:p="not a uri"', ' xml:id="1 2"', "<xmlns:a>", "<a:b:c>", "<o:p/>"),
    *("</invoke>", "```xml", "```", "<K, V>", "<String>", "\n<<<<<<< HEAD\n", "\n=======\n", "\n>>>>>>> x\n"),
]

soup = st.lists(st.sampled_from(_BITS), max_size=25).map("".join)
"""Text made of markup and of what is not quite markup."""


def as_bytes(text: str) -> bytes:
    """The bytes of a soup: a lone surrogate in it stands for a byte that is no UTF-8."""
    return text.encode("utf-8", "surrogateescape")


_names = st.sampled_from(["a", "b", "c-d", "E_f", "g.1", "naïve", "日本"])
_space = st.sampled_from(["", "\n", "\n  ", "\r\n\t", " "])
_text = st.lists(
    st.sampled_from(
        ["x", " y ", "&amp;", "&lt;b>", "&#65;", "&#x1F600;", "é😀", "\n  - z", "\r\n", "]]", '"', "'"]
    ),
    max_size=5,
).map("".join)
_extra = st.sampled_from(
    ["<!-- c < & -->", "<!---->", "<?pi x < ?>", "<![CDATA[x < & y]]>", "<![CDATA[]]>", ""]
)
_value = st.sampled_from(["", "1", "a &amp; b", "x\ty\r\nz", "&#10;", "é", "'", "&quot;>"])


@st.composite
def _attributes(draw: st.DrawFn) -> str:
    names = draw(st.lists(_names, unique=True, max_size=3))
    return "".join(
        f'{draw(st.sampled_from([" ", chr(10)]))}{name}{draw(st.sampled_from(["=", " = "]))}"{draw(_value)}"'
        for name in names
    )


def _element(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, attributes, space, inside: (
            f"<{name}{attributes}{space}>{inside}</{name}{space}>"
            if inside
            else f"<{name}{attributes}{space}/>"
        ),
        _names,
        _attributes(),
        _space,
        content,
    )


_content = st.recursive(
    st.one_of(_text, _extra),
    lambda inner: st.lists(st.one_of(inner, _element(inner), _space), max_size=4).map("".join),
    max_leaves=12,
)
_prolog = st.sampled_from(["", '<?xml version="1.0"?>\n', "<!-- c -->\n", "\n"])

well_formed = st.builds(lambda prolog, root, end: prolog + root + end, _prolog, _element(_content), _space)
"""Text of a file in which nothing is wrong."""
