# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which files an outsider may send: by what they hold, not by what they claim.

The name and the announced type of an upload are the sender's words. Here the first
bytes, and for office files the inside of the archive, decide; what could run a script
in a browser (HTML, SVG, XML) or in an office program (macros) is never accepted.
"""

import io
import re
import zipfile

MEGABYTE = 1024 * 1024
#: Largest file, in bytes.
LONGEST = 10 * MEGABYTE
MAX_FILES = 5
_MAX_NAME = 80
_MAX_ENTRIES = 2000
_MAX_UNZIPPED = 100 * MEGABYTE

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
#: First bytes → (extension, type).
_SIGNATURES = (
    (b"%PDF-", ("pdf", "application/pdf")),
    (b"\x89PNG\r\n\x1a\n", ("png", "image/png")),
    (b"\xff\xd8\xff", ("jpg", "image/jpeg")),
)
#: Main part of an office archive → (extension, type).
_PARTS = {
    "word/document.xml": ("docx", f"{_OFFICE}wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", f"{_OFFICE}spreadsheetml.sheet"),
    "ppt/presentation.xml": ("pptx", f"{_OFFICE}presentationml.presentation"),
}
_OPEN_TYPES = {
    f"{_OPEN}text": "odt",
    f"{_OPEN}spreadsheet": "ods",
    f"{_OPEN}presentation": "odp",
}
_UNSAFE_PARTS = re.compile(r"(?i)(vbaproject|macrosheets/|activex/|^basic/|^scripts/)")


def read_file(file, longest):
    """Return what a field of a form holds: of a file one byte more than allowed at
    most, which is enough to refuse it; nothing of a text posted in its place.

    >>> read_file(io.BytesIO(b"12345"), 3), read_file("text", 3), read_file(None, 3)
    (b'1234', b'', b'')
    """
    return file.read(longest + 1) if hasattr(file, "read") else b""


def check_file(name, content):
    """Check one uploaded file.

    >>> check_file("../../CV été.exe", b"%PDF-1.7 ...")
    ('CV été.pdf', 'application/pdf', None)
    >>> check_file("page.pdf", b"<html><script>")
    (None, None, 'type')
    >>> check_file("a.png", b"")
    (None, None, 'empty')

    :param str name: the name that was sent, trusted for nothing
    :param bytes content: read no further than ``LONGEST`` + 1 by the caller
    :return: (clean name, real type, ``None``), or (``None``, ``None``, code) with
        a code among ``empty``, ``too_big``, ``type``
    """
    if not content:
        return None, None, "empty"
    if len(content) > LONGEST:
        return None, None, "too_big"
    found = _find_type(content)
    if not found:
        return None, None, "type"
    extension, mimetype = found
    return f"{clean_stem(name)}.{extension}", mimetype, None


def clean_stem(name):
    """Return the bare name of a file: no folder, no extension, no odd character.

    >>> clean_stem("C:\\\\temp\\\\list\\x00.xlsx"), clean_stem("..")
    ('list', 'file')
    """
    base = re.split(r"[/\\]", str(name or ""))[-1]
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = re.sub(r"[^\w \-'’().,]", "", stem).strip(" .")
    return stem[:_MAX_NAME] or "file"


def _find_type(content):
    for signature, found in _SIGNATURES:
        if content.startswith(signature):
            return found
    return _find_office_type(content) if content.startswith(b"PK\x03\x04") else None


def _find_office_type(content):
    """Return the type of an office archive without macros, ``None`` for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if not _is_bounded(entries):
                return None
            names = [entry.filename for entry in entries]
            if any(_UNSAFE_PARTS.search(name) for name in names):
                return None
            if names[:1] == ["mimetype"] and entries[0].file_size < _MAX_NAME:
                kind = archive.read("mimetype").decode("ascii", "replace")
                return (_OPEN_TYPES[kind], kind) if kind in _OPEN_TYPES else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((_PARTS[name] for name in names if name in _PARTS), None)


def _is_bounded(entries):
    return (
        len(entries) <= _MAX_ENTRIES
        and sum(entry.file_size for entry in entries) <= _MAX_UNZIPPED
    )
