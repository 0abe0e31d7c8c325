"""Namespace prefixes: declared, declared as allowed, and no attribute given twice under two of them."""

from __future__ import annotations

import re
from typing import Final

from index.formats.xml.markup import Elements, is_declaration
from index.formats.xml.recovery.tags import (
    LooseAttribute,
    fresh_name,
    loose_attributes,
    report_duplicate,
    tag_inside,
)
from index.formats.xml.values import attribute_value
from index.model.problems import Report, Splice

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_XMLNS: Final = "http://www.w3.org/2000/xmlns/"
# What libxml2 takes for a URI (RFC 3986), on the strict side.
_CHARACTER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@]|%[0-9A-Fa-f]{2})"
_URI = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.\-]*:(?://{_CHARACTER}*(?::[0-9]*)?(?=[/?#]|\Z))?)?"
    rf"(?:{_CHARACTER}|[:/])*(?:\?(?:{_CHARACTER}|[:/?])*)?(?:#(?:{_CHARACTER}|[:/?])*)?"
)


def report_namespaces(source: str, elements: Elements, report: Report) -> None:
    """Report prefixes that nothing declares, declarations that are not allowed, attributes given twice."""
    scopes: list[dict[str, str]] = []
    lacking: dict[tuple[int, str], int] = {}
    root = -1
    for index, name in enumerate(elements.names):
        parent = elements.parents[index]
        if parent < 0:
            root = index
        scope = scopes[parent] if parent >= 0 else {"xml": _XML}
        inside = tag_inside(source, elements.starts[index], elements.content_starts[index], name)
        attributes = list(loose_attributes(source, *inside))
        declared = _declarations(source, attributes, report)
        if declared:
            scope = scope | declared
        scopes.append(scope)
        plain = [attribute for attribute in attributes if not is_declaration(attribute.name)]
        for prefix in (_prefix(name), *(_prefix(attribute.name) for attribute in plain)):
            if prefix and prefix not in scope:
                lacking.setdefault((root, prefix), index)
        _report_twins(plain, scope, report)
    for (root, prefix), index in lacking.items():
        at = elements.starts[root] + 1 + len(elements.names[root])
        declaration = f' xmlns:{prefix}="{_made_up(prefix)}"'
        report.add(
            "prefix",
            elements.starts[index],
            elements.content_starts[index],
            f"Nothing declares the prefix '{prefix}'; repair declares it in <{elements.names[root]}>.",
            Splice(at, at, declaration),
            guesses=True,
        )


def _declarations(source: str, attributes: list[LooseAttribute], report: Report) -> dict[str, str]:
    """The prefixes that a tag declares; a declaration that is not allowed is reported instead."""
    declared: dict[str, str] = {}
    for attribute in attributes:
        name = attribute.name
        if not is_declaration(name):
            continue
        prefix = name[len("xmlns:") :]
        uri = name  # what its repair gives a declaration without a value
        if attribute.value_start >= 0:
            uri = attribute_value(source[attribute.value_start : attribute.value_end])
        if _is_allowed(prefix, uri):
            declared.setdefault(prefix, uri)
            continue
        colon = attribute.start + len("xmlns")
        splice = Splice(colon, colon + 1, "_") if prefix else Splice(colon, colon, "_")
        new_name = f"xmlns_{prefix}"
        message = f"'{name}' declares no possible namespace; repair renames it to '{new_name}'."
        report.add("namespace", attribute.start, attribute.name_end, message, splice, guesses=True)
    return declared


def _is_allowed(prefix: str, uri: str) -> bool:
    if prefix == "xml":
        return uri == _XML
    if prefix == "xmlns" or uri in {_XML, _XMLNS}:
        return False
    if not uri:
        return not prefix
    return _URI.fullmatch(uri) is not None


def _report_twins(attributes: list[LooseAttribute], scope: dict[str, str], report: Report) -> None:
    """Report attributes that differ by prefix only, and the prefixes mean one namespace."""
    taken = {attribute.name for attribute in attributes}
    seen: dict[tuple[str, str], str] = {}
    for attribute in attributes:
        prefix, colon, local = attribute.name.partition(":")
        if not colon:
            continue
        twin = seen.setdefault((scope.get(prefix, _made_up(prefix)), local), attribute.name)
        if twin != attribute.name:
            report_duplicate(report, attribute, fresh_name(attribute.name, taken))


def _prefix(name: str) -> str:
    prefix, colon, _ = name.partition(":")
    return prefix if colon else ""


def _made_up(prefix: str) -> str:
    """A namespace name for a prefix that has none; ASCII, as names of that kind must be."""
    return "urn:undeclared:" + (prefix if prefix.isascii() else prefix.encode().hex())
