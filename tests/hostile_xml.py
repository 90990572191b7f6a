"""XML and truth files that no reader should trust."""

from __future__ import annotations

from itertools import pairwise

from epaper.export.xmlio import G2

_BODY = f'<newsMessage xmlns="{G2}">{{}}</newsMessage>'


def _bomb() -> str:
    names = [chr(97 + n) for n in range(16)]
    entities = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(names))
    return f'<!DOCTYPE x [<!ENTITY a "boom">{entities}]>' + _BODY.format("&p;")


def xml(secret: str, address: str) -> dict[str, bytes]:
    """Files that want to read `secret` (a file's URI), to call `address` or to burst."""
    texts = {
        "entity of a file": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret}">]>' + _BODY.format("&e;"),
        "entity from the net": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>'
        + _BODY.format("&e;"),
        "DTD from the net": f'<!DOCTYPE newsMessage SYSTEM "{address}x.dtd">' + _BODY.format(""),
        "DTD by a public name": f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "{address}">'
        + _BODY.format(""),
        "entity of a parameter": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{address}"> %p;]>'
        + _BODY.format(""),
        "entity bomb": _bomb(),
        "entity used often": f'<!DOCTYPE x [<!ENTITY e "{"A" * 100_000}">]>'
        + _BODY.format("&e;" * 20_000),
        "entity in itself": '<!DOCTYPE x [<!ENTITY e "&f;"><!ENTITY f "&e;">]>'
        + _BODY.format("&e;"),
        "deep": _BODY.format("<a>" * 100_000 + "</a>" * 100_000),
        "unclosed": _BODY.format("")[:-5],
        "included": f'<newsMessage xmlns="{G2}" xmlns:xi="http://www.w3.org/2001/XInclude">'
        f'<xi:include href="{secret}" parse="text"/></newsMessage>',
        "schema from the net": f'<newsMessage xmlns="{G2}" xmlns:xsi="http://www.w3.org/2001/'
        f'XMLSchema-instance" xsi:schemaLocation="{G2} {address}x.xsd"/>',
        "style sheet": f'<?xml-stylesheet type="text/xsl" href="{address}"?>' + _BODY.format(""),
        "many attributes": "<a " + " ".join(f'b{n}=""' for n in range(50_000)) + "/>",
        "doubled attribute": '<a b="" b=""/>',
        "forbidden character": _BODY.format("&#x0;&#x1F;&#xFFFF;&#xD800;"),
        "nothing": "",
        "no XML": "Guten Tag",
        "page": "<!doctype html><p>404",
    }
    files = {name: text.encode() for name, text in texts.items()}
    files["UTF-16"] = texts["entity of a file"].encode("utf-16")
    files["bytes that are none"] = _BODY.format("x").encode().replace(b"x", b"\xff\xfe\x00")
    files["odd encoding"] = b'<?xml version="1.0" encoding="utf-7"?><a/>'
    files["zeros"] = bytes(5000)
    return files


def truth() -> dict[str, bytes]:
    """Truth files that are none."""
    return {
        "nothing": b"",
        "no JSON": b"{'page': 1}",
        "cut": b'{"page": {"width_mm": 390, "articl',
        "list": b"[1, 2]",
        "deep": b"[" * 200_000,
        "deep object": b'{"a":' * 200_000,
        "no size": b'{"page": {}, "articles": [], "boxes": []}',
        "other kinds": b'{"page": {"width_mm": "x", "height_mm": []}, "articles": 7, "boxes": {}}',
        "large numbers": b'{"page": {"width_mm": 1e999, "height_mm": -1e999}, "articles": []}',
        "lone surrogate": b'{"page": {"width_mm": 390, "height_mm": 545, "paper": "\\ud800"},'
        b' "articles": [{"id": "a1", "headline": "\\udfff"}], "boxes": []}',
        "bytes that are none": b'{"page": "\xff\xfe"}',
        "zeros": bytes(3000),
    }
