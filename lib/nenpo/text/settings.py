"""What an office writes in TOML: every entry as a frozen dataclass, and all that is wrong with a file told at once."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from nenpo.errors import Fault, InputError
from nenpo.japanese.years import FiscalYear
from nenpo.text.typed import read_text

T = TypeVar("T")
# How a value of a kind is written, for whoever wrote it otherwise.
_WRITTEN: Mapping[object, str] = {
    str: '" " で囲んで', int: "整数で", float: "数で", bool: "true か false で", FiscalYear: '"R6" のように',
    tuple: "[ ] で囲んで並べて", Mapping: "{ } で囲んだ「名前 = 値」で",
}  # fmt: skip


class Settings:
    """A TOML file as it was read, and what was found wrong in it so far; ``faults`` are added to by whoever knows more."""

    def __init__(self, path: Path, raw: Mapping[str, Any], remedy: str = ""):
        self.path = path
        self.raw = raw
        self.faults: list[str] = []
        self._remedy = remedy

    def entries(self, key: str, kind: type[T], names: Mapping[str, str] | None = None) -> tuple[T, ...]:
        """The entries ``[[key]]``, each as a ``kind``; ``names`` are those of fields that are written under another. What
        cannot be one becomes a fault and is left out."""
        listed = self.raw.get(key, [])
        if not isinstance(listed, list):
            self.faults.append(f"{key} は [[{key}]] と書いて並べてください")
            return ()
        called = [_called(key, at, entry) for at, entry in enumerate(listed, start=1)]
        read = [
            _entry(kind, entry, where, self.faults, names or {}) for entry, where in zip(listed, called, strict=True)
        ]
        return tuple(entry for entry in read if entry is not None)

    def value(self, key: str, kind: Any, absent: Any = None) -> Any:
        """What stands under ``key``, as a ``kind``, or what stands for it where it is absent; without that, or where it is
        no such thing, a fault."""
        if key in self.raw:
            return _read(kind, self.raw[key], key, self.faults)
        if absent is None:
            self.faults.append(f"{key} がありません")
        return absent

    def settle(self) -> None:
        """Raise InputError with all faults, if there are any."""
        if self.faults:
            raise InputError([Fault(fault, str(self.path), self._remedy) for fault in dict.fromkeys(self.faults)])


def read_settings(path: Path, remedy: str = "") -> Settings | None:
    """The file; None if there is none. Raises InputError for what is no TOML."""
    source = read_text(path)
    return None if source is None else settings_of(source, path, remedy)


def settings_of(source: str, path: Path, remedy: str = "") -> Settings:
    """The same for a text that was read before."""
    try:
        return Settings(path, tomllib.loads(source), remedy)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+), column (\d+)", str(error))
        at = f"（{match[1]} 行目の {match[2]} 文字目）" if match else "（終わりまで読んでも閉じていない記号があります）"
        if re.search("twice|overwrite|mutate", str(error)):
            what = f"同じ見出しか名前が二度書かれています{at}"
            raise InputError(Fault(what, str(path), "一つにまとめるか、どちらかを消してください")) from None
        usual = '記号は半角で書き、言葉と日本語の名前は " " で囲んでください'
        raise InputError(Fault(f"TOML として読めません{at}", str(path), remedy or usual)) from None


def _called(key: str, at: int, raw: object) -> str:
    named = next((raw[name] for name in ("id", "name") if name in raw), None) if isinstance(raw, Mapping) else None
    return f"{key}「{named}」" if named else f"{at} 番目の {key}"


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _entry(kind: Any, raw: object, where: str, faults: list[str], names: Mapping[str, str]) -> Any:
    """A dataclass from a TOML table; a field may say by its ``key`` under which other name it is written."""
    if not isinstance(raw, Mapping):
        faults.append(f"{where} は、{_WRITTEN[Mapping]}書きます（いまは {_shown(raw)}）")
        return None
    before = len(faults)
    own = {names.get(field.name, field.metadata.get("key", field.name)): field for field in fields(kind)}
    faults += [f"{where}：「{key}」という項目はありません{_meant(key, own)}" for key in raw if key not in own]
    missing = [
        key
        for key, field in own.items()
        if key not in raw and field.default is MISSING and field.default_factory is MISSING
    ]
    if missing:
        faults.append(f"{where}：{'、'.join(missing)} がありません")
    hints = _hints(kind)
    values = {
        field.name: _read(hints[field.name], raw[key], f"{where} の {key}", faults)
        for key, field in own.items()
        if key in raw
    }
    return kind(**values) if len(faults) == before else None


def _meant(key: str, known: Collection[str]) -> str:
    """What may be written, and what is meant by a name that is nearly that."""
    meant = get_close_matches(key, known, 1)
    return f"（書けるのは {'、'.join(known)}）" + (f"。「{meant[0]}」のことですか" if meant else "")


def _read(kind: Any, value: object, where: str, faults: list[str]) -> Any:
    """The value as a ``kind``; where it is none, a fault."""
    base, inner = get_origin(kind) or kind, get_args(kind)
    if base is UnionType:
        return _read(inner[0], value, where, faults)
    if is_dataclass(base) and base is not FiscalYear:
        if isinstance(value, str):  # a single word is what an entry is called by
            value = {fields(base)[0].name: value}
        return _entry(base, value, where, faults, {})
    if base is tuple and inner[-1] is ...:
        # A single word need not be put in brackets.
        listed = [value] if isinstance(value, str) and inner[0] is str else value
        if isinstance(listed, list):
            names = [_called(where, at, item) if is_dataclass(inner[0]) else where for at, item in enumerate(listed, 1)]
            return tuple(_read(inner[0], item, name, faults) for item, name in zip(listed, names, strict=True))
    elif base is tuple:
        if isinstance(value, list) and len(value) == len(inner):
            return tuple(_read(each, item, where, faults) for each, item in zip(inner, value, strict=True))
    elif base is Mapping and isinstance(value, Mapping):
        return {name: _read(inner[1], item, f"{where}「{name}」", faults) for name, item in value.items()}
    elif base is FiscalYear and isinstance(value, str):
        try:
            return FiscalYear(value)
        except InputError as error:
            faults += [f"{where}：{fault.what}" for fault in error.faults]
            return None
    elif type(value) is base or (base is float and type(value) is int):
        return value
    how = f"[ ] で囲んだ {len(inner)} つの値で" if base is tuple and inner[-1] is not ... else _WRITTEN[base]
    faults.append(f"{where} は、{how}書きます（いまは {_shown(value)}）")
    return None


def _shown(value: object) -> str:
    """A value as it is written in TOML, or nearly so."""
    return json.dumps(value, ensure_ascii=False, default=str)
