# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Resources served by localstripe as they are."""

from localstripe import resources

CLASSES = (resources.Product, resources.Token)


def _creator(cls):
    return lambda call: cls._api_create(**_rest(call))


def _retriever(cls):
    return lambda call: cls._api_retrieve(call.ids["id"])


def _updater(cls):
    return lambda call: cls._api_update(call.ids["id"], **_rest(call))


def _lister(cls):
    return lambda call: cls._api_list_all(call.path, **_rest(call))


def _rest(call):
    data = dict(call.data)
    data.pop("expand", None)
    return data


def _routes():
    for cls in CLASSES:
        path = f"/v1/{cls.object}s"
        yield ("POST", path, _creator(cls))
        yield ("GET", path, _lister(cls))
        yield ("GET", path + "/{id}", _retriever(cls))
        yield ("POST", path + "/{id}", _updater(cls))


ROUTES = tuple(_routes())
