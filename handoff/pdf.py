"""A plain A4 document that anybody can read: with the eyes, with a screen reader, years from now.

PDF/A-2U (ISO 19005-2: everything embedded, all text can be taken out again), with the language, the
title and tagged headings and paragraphs (ISO 32000-1, 14.8). Same content and date, same bytes.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from typing import Any, Literal

import ttf_opensans  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.prefs import ViewerPreferences

from frontline.clock import LOCAL_ZONE

MARGIN_MM = 20
LABEL_MM = 48
"""Width of the left column, with the labels."""
LINE = 1.45
"""Line height, in sizes of the letters."""
POINT_MM = 25.4 / 72
MISSING = "\ufffd"
"""Stands for a character that the font does not have."""
SPACES = str.maketrans({"\t": " ", "\r": None, "\u2028": "\n", "\u2029": "\n", "\u2011": "-"})
MANY_LINES = re.compile(r"\n\s*\n\s*\n")


@cache
def _known() -> frozenset[int]:
    """The characters that the font has."""
    pdf = FPDF()
    pdf.add_font("sans", "", ttf_opensans.OPENSANS_REGULAR.path)
    return frozenset(pdf.fonts["sans"].cmap) - set(range(32))  # type: ignore[union-attr]


INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})
"""Unicode categories that leave nothing to see: control, direction, joining, marks."""


def printable(text: str) -> str:
    """`text` as this document can show it.

    Without control and direction characters, which could make it read as something else; what
    the font does not have becomes `MISSING`, one for a whole run.
    """
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", text).translate(SPACES):
        kind = unicodedata.category(char)
        if char == "\n" or (ord(char) in _known() and kind not in {"Cc", "Cf"}):
            kept.append(char)
        elif kind not in INVISIBLE and kept[-1:] != [MISSING]:
            kept.append(MISSING)
    return MANY_LINES.sub("\n\n", "".join(kept)).strip()


XMP = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><rdf:Description rdf:about=""
 xmp:CreatorTool="Frontline" xmp:CreateDate="{at}" xmp:ModifyDate="{at}" xmp:MetadataDate="{at}">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{tag}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def _xmp(title: str, tag: str, at: datetime) -> str:
    """The document's description (ISO 16684-1); fpdf2's own would tell the machine's time."""
    moment = at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")
    return XMP.format(at=moment, title=escape(title), tag=tag)


class Document:
    """Built from top to bottom; pages begin by themselves."""

    def __init__(self, *, title: str, language: str, at: datetime, foot: str) -> None:
        """Args: `foot` is said at the end of each page, before the page's number."""
        self._pdf = FPDF(format="A4", enforce_compliance="PDF/A-2U")
        self._foot = printable(foot)
        pdf = self._pdf
        tag = "pl-PL" if language == "pl" else "en-GB"
        pdf.set_title(printable(title))
        pdf.set_lang(tag)
        pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        pdf.set_creation_date(at)
        pdf.set_xmp_metadata(_xmp(printable(title), tag, at))
        pdf.set_margin(MARGIN_MM)
        pdf.set_auto_page_break(False)
        pdf.c_margin = 0
        pdf.add_font("sans", "", ttf_opensans.OPENSANS_REGULAR.path)
        pdf.add_font("sans", "B", ttf_opensans.OPENSANS_BOLD.path)
        pdf.add_page()

    def heading(self, text: str) -> None:
        """The document's heading."""
        self._say("H1", text, size=18, style="B")
        self._space(4)

    def paragraph(self, text: str, *, small: bool = False) -> None:
        """A paragraph over the whole width."""
        self._say("P", text, size=9 if small else 10.5)
        self._space(3)

    def row(self, label: str, value: str) -> None:
        """A label, and what belongs to it beside it."""
        self._need(self._height(10.5))
        page, top = self._pdf.page, self._pdf.y
        self._say("P", label, size=10.5, style="B", width=LABEL_MM - 4)
        bottom = self._pdf.y
        if self._pdf.page == page:
            self._pdf.y = top
        self._say("P", value, size=10.5, left=LABEL_MM)
        if self._pdf.page == page:
            self._pdf.y = max(self._pdf.y, bottom)
        self._space(2)

    def rule(self) -> None:
        """A line across."""
        pdf = self._pdf
        self._space(1.5)
        self._need(4)
        self._begin("/Artifact BMC")
        pdf.set_draw_color(130)
        pdf.line(MARGIN_MM, pdf.y, pdf.w - MARGIN_MM, pdf.y)
        self._begin("EMC")
        self._space(4)

    def bytes(self) -> bytes:
        """The finished file."""
        pages = self._pdf.pages_count
        for page in range(1, pages + 1):
            self._pdf.page = page
            self._write_foot(f"{self._foot}  ·  {page}/{pages}")
        return bytes(self._pdf.output())

    def _say(
        self,
        tag: str,
        text: str,
        *,
        size: float,
        style: Literal["", "B"] = "",
        left: float = 0,
        width: float | None = None,
    ) -> None:
        """Write wrapped lines; what goes over to another page is tagged anew there."""
        pdf = self._pdf
        pdf.set_font("sans", style, size)
        width = width or pdf.epw - left
        lines = self._lines(printable(text), width)
        height = self._height(size)
        while lines:
            self._need(height)
            fit = max(1, int((self._bottom() - pdf.y) / height))
            pdf.set_font("sans", style, size)
            self._begin_tagged(tag)
            for line in lines[:fit]:
                pdf.set_x(MARGIN_MM + left)
                pdf.cell(width, height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self._begin("EMC")
            lines = lines[fit:]

    def _lines(self, text: str, width: float) -> Sequence[str]:
        found = self._pdf.multi_cell(
            width, text=text, dry_run=True, output=MethodReturnValue.LINES, align="L"
        )
        return found if isinstance(found, list) else []

    def _begin_tagged(self, tag: str) -> None:
        """Begin marked content and its element in the structure tree (ISO 32000-1, 14.7)."""
        pdf: Any = self._pdf
        mcid = pdf.struct_builder.next_mcid_for_page(pdf.page)
        pdf._add_marked_content(struct_type=f"/{tag}", mcid=mcid)
        self._begin(f"/{tag} <</MCID {mcid}>> BDC")

    def _begin(self, operator: str) -> None:
        self._pdf._out(operator)

    def _write_foot(self, text: str) -> None:
        pdf = self._pdf
        pdf.set_font("sans", "", 8)
        pdf.set_y(pdf.h - MARGIN_MM + 5)
        self._begin("/Artifact BMC")
        pdf.cell(pdf.epw, 4, text, align="C")
        self._begin("EMC")

    def _height(self, size: float) -> float:
        return size * POINT_MM * LINE

    def _bottom(self) -> float:
        return self._pdf.h - MARGIN_MM

    def _need(self, height: float) -> None:
        """Begin a page when so much does not fit."""
        if self._pdf.y + height > self._bottom():
            self._pdf.add_page()

    def _space(self, height: float) -> None:
        self._pdf.y += height
