# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a seller says of itself on the marketplace: its form, checked."""

from urllib.parse import urlsplit

from .mangopay_persons import read_email
from .safe_file import MEGABYTE, check_file

#: Field of the form → longest text.
TEXTS = {
    "email": 254,
    "phone": 40,
    "website": 200,
    "vat": 20,
    "share_capital": 120,
    "registry": 120,
    "consumer_mediator": 300,
}
MAX_PRESENTATION = 5000
LONGEST_LOGO = 4 * MEGABYTE
_IMAGES = ("image/png", "image/jpeg")


def check_profile(form):
    """Return (values, errors): the form cleaned, and field → code of what is wrong.

    Codes: required, too_long, email, website.

    >>> values, errors = check_profile({"email": "a@b.fr", "website": "b.fr"})
    >>> values["website"], errors
    ('https://b.fr', {})
    >>> sorted(check_profile({"website": "javascript:alert(1)"})[1].items())
    [('email', 'required'), ('website', 'website')]
    """
    values, errors = {}, {}
    for name, limit in TEXTS.items():
        text = " ".join(str(form.get(name) or "").replace("\x00", "").split())
        values[name] = text
        if len(text) > limit:
            errors[name] = "too_long"
    presentation = str(form.get("presentation") or "").replace("\x00", "").strip()
    values["presentation"] = presentation.replace("\r\n", "\n")
    if len(values["presentation"]) > MAX_PRESENTATION:
        errors["presentation"] = "too_long"
    if not values["email"]:
        errors["email"] = "required"
    elif read_email(values["email"]) != values["email"]:
        errors.setdefault("email", "email")
    if values["website"]:
        values["website"] = _read_website(values["website"])
        if not values["website"]:
            errors.setdefault("website", "website")
    return values, errors


def _read_website(text):
    """Return a web address, empty when it is none."""
    if "://" not in text and ":" not in text.split("/")[0]:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    return text if is_web and not any(one in text for one in " <>\"'") else ""


def check_logo(name, content):
    """Return the code of what is wrong with a logo, ``None`` when nothing is.

    >>> check_logo("a.svg", b"<svg onload=alert(1)>"), check_logo("a", b"")
    ('type', 'empty')
    """
    if len(content) > LONGEST_LOGO:
        return "too_big"
    _name, mimetype, code = check_file(name, content)
    if code:
        return code
    return None if mimetype in _IMAGES else "type"
