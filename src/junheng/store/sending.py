"""Messages sent by mail, a web hook, WeCom or DingTalk. The only module that touches Apprise.

Where they go stands in a file that is no part of the authority's folder, for its addresses hold secrets:

    督导群 = "wecombot://KEY"
    分管领导 = "mailto://user:password@example.org?to=leader@example.org"
"""

from __future__ import annotations

import tomllib
import warnings
from collections.abc import Mapping
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Place, StoreError

_SCHEMES = {
    "mailto": "mail",
    "mailtos": "mail",
    "json": "webhook",
    "jsons": "webhook",
    "form": "webhook",
    "forms": "webhook",
    "wecombot": "wecom",
    "dingtalk": "dingtalk",
}


def read_channels(path: Path) -> Mapping[str, str]:
    """Return the addresses by name. Raises StoreError for a file that cannot be read, DataError for what is no known channel."""
    try:
        said = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StoreError(finding("store.channels_unread", Place(file=path.name), str(error))) from error
    wrong = [name for name, url in said.items() if not isinstance(url, str) or url.partition("://")[0] not in _SCHEMES]
    if wrong:
        places = [Place(file=path.name, column=name) for name in wrong]
        raise DataError([finding("store.unknown_channel", place, place.column, schemes=", ".join(_SCHEMES)) for place in places])
    return said


def channel_kind(url: str) -> str:
    """Return what a channel is: mail, webhook, wecom or dingtalk."""
    return _SCHEMES[url.partition("://")[0]]


def send(url: str, title: str, text: str) -> bool:
    """Send one message; return whether the other side took it. Nothing of the address is ever shown."""
    import apprise  # here and not above: it costs half a second, and most weeks send nothing

    sender = apprise.Apprise()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its mail part still asks Python for a module that 3.13 no longer has
        known = bool(sender.add(url))
    return known and bool(sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT))
