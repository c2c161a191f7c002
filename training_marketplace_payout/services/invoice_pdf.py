# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The PDF/A-3 that holds the XML of an invoice, made by the `factur-x` package."""

import subprocess
import sys
import tempfile
from pathlib import Path

TIMEOUT = 60
#: In a process of its own: Odoo wraps the import of stdnum, which the package reads.
#: Its metadata know no CTC level: EXTENDED is the one that this profile specialises.
CODE = """
import sys
from pathlib import Path

from facturx import generate_from_binary, xml_check_xsd

folder = Path(sys.argv[1])
xml = folder.joinpath("in.xml").read_bytes()
xml_check_xsd(xml, flavor="factur-x", level="extended-ctc-fr")
pdf = generate_from_binary(
    folder.joinpath("in.pdf").read_bytes(),
    xml,
    flavor="factur-x",
    level="extended",
    check_xsd=False,
    pdf_metadata={"author": sys.argv[2], "title": sys.argv[3], "subject": sys.argv[3],
                  "keywords": "Factur-X"},
    lang=sys.argv[4],
    afrelationship="alternative",
)
folder.joinpath("out.pdf").write_bytes(pdf)
"""


class InvoiceFileError(ValueError):
    """The XML is not valid, or the package failed: what it said."""


def embed(pdf, xml, author, title, lang):
    """Return the PDF with the XML in it, after the XML was checked (XSD).

    :param bytes pdf: already of the PDF/A family: fonts, colours
    :param str lang: of the printed text, such as ``fr-FR``
    :raise InvoiceFileError: when the XML is refused
    """
    with tempfile.TemporaryDirectory(prefix="marketplace_invoice_") as name:
        folder = Path(name)
        folder.joinpath("in.pdf").write_bytes(pdf)
        folder.joinpath("in.xml").write_bytes(xml)
        command = [sys.executable, "-c", CODE, name, author, title, lang]
        done = subprocess.run(
            command, capture_output=True, cwd=name, timeout=TIMEOUT, check=False
        )
        if done.returncode:
            raise InvoiceFileError(done.stderr.decode(errors="replace")[-2000:])
        return folder.joinpath("out.pdf").read_bytes()
