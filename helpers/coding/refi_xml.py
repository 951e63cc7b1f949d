"""What the files of the REFI-QDA standard have in common: ids that can be made again, and XML written and read with care.

The standard (version 1.0, 18 March 2019): https://www.qdasoftware.org
"""

from __future__ import annotations

import codecs
import json
import re
import uuid
from typing import TYPE_CHECKING

from helpers.corpus.errors import UnionError
from helpers.corpus.files import whole_characters

if TYPE_CHECKING:
    from lxml.etree import _Element

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
ORIGIN = "What Is a Union For?"
LONGEST = 5_000_000  # libxml2 takes no text over 10 million bytes unless told to take any
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:what-is-a-union-for")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def guid(*parts: str) -> str:
    """The id of a thing, which is the same whenever it is made from the same words.

    >>> guid("code", "union-roles", "voice") == guid("code", "union-roles", "voice") != guid("code", "union-roles", "rights")
    True
    """
    return str(uuid.uuid5(_NAMESPACE, json.dumps(parts)))


def same_guid(said: str | None) -> str:
    """An id as it is compared: other programs write it in capitals or in braces."""
    return (said or "").strip("{} \t\r\n").lower()


def held(text: str) -> str:
    """A text in which what no XML file can hold, such as a bell or half a character, has become a replacement character.

    >>> held("a\\x07b, half \\ud83d, whole 👩")
    'a�b, half �, whole 👩'
    """
    if len(text) > LONGEST:
        raise UnionError(
            f"A text of {len(text):,} characters is too long for other programs: shorten it."
        )
    return _NOT_IN_XML.sub("�", whole_characters(text))


def add(parent: _Element, tag: str, text: str = "", /, **attributes: str) -> _Element:
    """A new element at the end of another one, in its namespace."""
    from lxml import etree

    child = etree.SubElement(
        parent,
        f"{{{etree.QName(parent).namespace}}}{tag}",
        {key: held(value) for key, value in attributes.items()},
    )
    child.text = held(text) or None
    return child


def root(namespace: str, tag: str, /, **attributes: str) -> _Element:
    """The first element of a file."""
    from lxml import etree

    return etree.Element(
        f"{{{namespace}}}{tag}",
        {key: held(value) for key, value in attributes.items()},
        {None: namespace},
    )


def as_xml(element: _Element) -> bytes:
    """An element as a file, in UTF-8."""
    from lxml import etree

    return etree.tostring(element, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def parse_xml(data: bytes, namespace: str, name: str, file: str, advice: str) -> _Element:
    """The first element of an XML file, which must be the named one; nothing is loaded that the file points to.

    Raises :class:`UnionError` for what is not well-formed or of another kind,
    and for a document type, with which a small file can call for a large one.
    """
    from lxml import etree

    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
        if "<!DOCTYPE" in text:
            raise UnionError(
                f"{file} has a document type, which such a file never needs: {advice}."
            )
        found = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, UnicodeDecodeError):
        raise UnionError(f"{file} is damaged or of another kind: {advice}.") from None
    if found.tag != f"{{{namespace}}}{name}":
        raise UnionError(f"{file} is of another kind or version: {advice}.")
    return found
