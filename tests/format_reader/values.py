"""Values as `stave query --format csv` prints them: exact, and read back to the same value by `stave import`."""
import datetime
import math

from .errors import Damage

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def decimal_text(value, scale):
    digits = str(abs(value)).rjust(scale + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"


def fixed_text(value, scientific):
    """A double without an exponent: all digits of a whole number, else the shortest that read back."""
    if abs(value) >= 1e15 or value == int(value):
        return str(int(value))
    digits, exponent = scientific.split("e")
    places = len(digits.partition(".")[2]) - int(exponent)
    return f"{value:.{places}f}"


def f64_text(value):
    """The shorter of the two ways to write a double, the one without an exponent where they are equally long."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    digits = next(text for text in (f"{value:.{places}e}" for places in range(17)) if float(text) == value)
    fixed = fixed_text(value, digits)
    return fixed if len(fixed) <= len(digits) else digits


def date_text(days):
    try:
        return (EPOCH + datetime.timedelta(days=days)).date().isoformat()
    except OverflowError as fault:
        raise Damage(f"the date {days} days after 1970-01-01 is not of the years 1 to 9999") from fault


def timestamp_text(microseconds, zone):
    try:
        moment = (EPOCH + datetime.timedelta(microseconds=microseconds)).astimezone(zone)
    except OverflowError as fault:
        raise Damage(f"the time {microseconds} microseconds after 1970 is not of the years 1 to 9999") from fault
    return moment.replace(tzinfo=None).isoformat(sep=" ")


def text_of(value, column, zone):
    """A value that is not null, as bytes."""
    if isinstance(value, bytes):
        return value
    if column.type == "bool":
        text = "true" if value else "false"
    elif column.type == "decimal":
        text = decimal_text(value, column.scale)
    elif column.type == "f64":
        text = f64_text(value)
    elif column.type == "date":
        text = date_text(value)
    elif column.type == "timestamp":
        text = timestamp_text(value, zone)
    else:
        text = str(value)
    return text.encode()
