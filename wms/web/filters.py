"""How numbers, money, codes and times are written, in both languages the same way."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from flask import Flask
from markupsafe import Markup

from wms.kernel.clock import BEIJING
from wms.kernel.quantity import Quantity
from wms.web import identity
from wms.web.messages import language, t

THIN: Final = "\u202f"
MINUS: Final = "\u2212"
_PATTERNS: Final = {
    "short": "%m-%d %H:%M",
    "date": "%Y-%m-%d",
    "time": "%H:%M",
    "seconds": "%H:%M:%S",
    "full": "%Y-%m-%d %H:%M:%S",
}

Number = Quantity | Decimal | int


def install(app: Flask) -> None:
    """Make the filters `when age day qty money tail` known to every template."""
    for filter_ in (when, age, day, qty, money, tail):
        app.add_template_filter(filter_)


def number(value: Number, decimals: int | None = None) -> str:
    """Return a number with thin spaces between thousands and a true minus sign.

    `decimals` pads to that many places so that a column lines up; nothing is ever rounded away.
    """
    text = str(abs(value.decimal) if isinstance(value, Quantity) else abs(value))
    if isinstance(value, Decimal):
        text = format(abs(value), "f")
    whole, _, part = text.partition(".")
    if decimals is not None:
        part = part.rstrip("0").ljust(decimals, "0")
    grouped = f"{int(whole):,}".replace(",", THIN)
    negative = value.steps < 0 if isinstance(value, Quantity) else value < 0
    return (MINUS if negative else "") + grouped + (f".{part}" if part else "")


def qty(value: Number | None, unit: str = "", decimals: int | None = None) -> Markup:
    """Write a quantity: zero grey, None as the word for unknown, the unit small behind it."""
    if value is None:
        return Markup('<span class="unk">{}</span>').format(t("web.unknown"))
    text = number(value, decimals)
    tail_ = Markup('<span class="unit">{}</span>').format(unit) if unit else Markup("")
    if not value:
        return Markup('<span class="zero">{}</span>{}').format(text, tail_)
    return Markup("{}{}").format(text, tail_)


def money(value: Decimal | None, currency: str = "CNY") -> Markup:
    """Write an amount with at least two decimals: `1 284.50 元` in Chinese, `CNY …` else."""
    if value is None:
        return qty(None)
    text = qty(value, decimals=2)
    if currency == "CNY" and language() == "zh":
        return Markup('{}<span class="unit">元</span>').format(text)
    return Markup('<span class="unit">{}</span>{}').format(f"{currency} ", text)


def when(moment: datetime | None, form: str = "short") -> Markup:
    """Write a time of Beijing: short, date, time, seconds or full; the whole of it in `title`."""
    if moment is None:
        return Markup('<span class="nil">—</span>')
    local = moment.astimezone(BEIJING)
    text = local.strftime(_PATTERNS[form])
    if form == "short" and local.year != _now().year:
        text = local.strftime("%Y-%m-%d %H:%M")
    return _time(local, text)


def day(moment: datetime) -> str:
    """Return the day with its weekday: `2026-11-26 周四`, `2026-11-26 Thu`."""
    local = moment.astimezone(BEIJING)
    weekday = format_date(local, "EEE", locale="zh_CN" if language() == "zh" else "en")
    return f"{local:%Y-%m-%d} {weekday}"


def age(moment: datetime | None) -> Markup:
    """Write how long ago it was: minutes, hours, yesterday, days; the exact time in `title`."""
    if moment is None:
        return Markup('<span class="nil">—</span>')
    local, now = moment.astimezone(BEIJING), _now()
    minutes = int((now - local).total_seconds() // 60)
    days = (now.date() - local.date()).days
    if minutes < 1:
        text = t("web.age.now")
    elif minutes < 60:
        text = t("web.age.minutes", count=minutes)
    elif minutes < 24 * 60 and days == 0:
        text = t("web.age.hours", count=minutes // 60)
    elif days == 1:
        text = t("web.age.yesterday")
    else:
        text = t("web.age.days", count=days)
    return _time(local, text)


def tail(code: object, short: bool = False) -> Markup:
    """Write a code, its last group bold; long ones lose the middle, `short` all but the tail."""
    if code is None or code == "":
        return Markup('<span class="nil">—</span>')
    whole = str(code)
    head, dash, last = whole.rpartition("-")
    if not dash or len(last) > 8:
        cut = len(whole) - (6 if len(whole) > 12 else 4)
        head, last = (whole[:cut], whole[cut:]) if cut > 0 else ("", whole)
        dash = ""
    if short and head:
        head, dash = "…", ""
    elif len(whole) > 20:
        head, dash = head[:8] + "…", ""
    return Markup('<span class="no" title="{}">{}{}<b>{}</b></span>').format(
        whole, head, dash, last
    )


def _now() -> datetime:
    return identity.door().clock.now().astimezone(BEIJING)


def _time(local: datetime, text: str) -> Markup:
    title = f"{local:%Y-%m-%d %H:%M:%S} {t('web.beijing_time')}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), title, text
    )
