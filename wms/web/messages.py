"""The sentences for people: one catalogue of Chinese and English, filled with facts."""

import logging
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import has_request_context, request

from wms.web import csrf
from wms.web.identity import known_language

log = logging.getLogger(__name__)

LANGUAGES: Final = ("zh", "en")
COOKIE: Final = "bh_language"
_WMS: Final = Path(__file__).resolve().parents[1]
ROOTS: Final = (_WMS, _WMS.parent / "labels", _WMS.parent / "iot")

Catalogue = Mapping[str, Mapping[str, str]]


class CatalogueError(Exception):
    """Two files say the same key, or a sentence lacks a language."""


class _Facts(dict[str, object]):
    """Facts of a sentence; one that is not known is said to be unknown, not left to crash."""

    def __missing__(self, key: str) -> str:
        return "—"


def files() -> Iterator[Path]:
    """Give every messages.toml of the house, in a stable order."""
    for root in ROOTS:
        yield from sorted(root.rglob("messages.toml"))


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return every sentence by key and language.

    Raises CatalogueError when a key stands in two files or lacks Chinese or English.
    """
    found: dict[str, Mapping[str, str]] = {}
    for file in files():
        for key, sentences in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in found:
                raise CatalogueError(f"{key} is said twice, again in {file}")
            if set(sentences) != set(LANGUAGES):
                raise CatalogueError(f"{key} in {file} needs exactly {LANGUAGES}")
            found[key] = MappingProxyType(sentences)
    return MappingProxyType(found)


def sentence(language: str, key: str, /, **facts: object) -> str:
    """Return one sentence in one language; an unknown key is logged and shown as it is."""
    sentences = catalogue().get(key)
    if sentences is None:
        log.error("no sentence for %s", key)
        return key
    return sentences[language].format_map(_Facts(facts))


def t(key: str, /, **facts: object) -> str:
    """Return one sentence in the language of this request."""
    return sentence(language(), key, **facts)


def language() -> str:
    """Return "zh" or "en": the switch (a cookie), then the person's own, then the browser's.

    A program with a token says its language by Accept-Language only.
    """
    if not has_request_context():
        return "zh"
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES and chosen is not None:
        return chosen
    asked = request.accept_languages.best_match(LANGUAGES) if request.accept_languages else None
    if csrf.bears_token() and asked:
        return asked
    return known_language() or asked or "zh"


def html_lang() -> str:
    """Return the value of `<html lang>`, which also picks the fonts."""
    return "zh-CN" if language() == "zh" else "en"
