"""JSON files: one object, an array of objects, or objects one after the other."""

import json
from collections.abc import Iterator
from typing import IO, BinaryIO

from cleaner.config import Config
from cleaner.document import Envelope, Kind, Record
from cleaner.formats.limits import ReadItem, check_number, most_bytes, too_large
from cleaner.formats.text_of import text_of, with_encoding
from cleaner.stages.charset import how_decoded
from cleaner.stages.rejection import Rejection
from cleaner.stages.unpack import NotReadError

AT_ONCE = 1 << 16
"""Characters read at first; for a longer value twice as many, and so on."""
DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
"""Numbers are left as they stand: only the end of a value is looked for."""
BETWEEN = " \t\n\r\ufeff"


def read_json(stream: BinaryIO, source: str, config: Config) -> Iterator[ReadItem]:
    """The objects of a file. The only one that is not in an array is the file itself.

    Raises:
        NotReadError: the file is not JSON, or an object is too large; says where.

    """
    decoded, stream = with_encoding(stream)
    how = {} if decoded.decided_by == "valid UTF-8" else {"encoding": how_decoded(decoded)}
    envelope = Envelope(metadata=how)
    number = 0
    first: str | None = None
    values = _Values(text_of(stream, decoded), most_bytes(config))
    for number, value in enumerate(values, 1):
        check_number(number, config, "values")
        if first is not None:
            yield Record(source, 1, Kind.ROW, _encoded(first), envelope)
            first = None
        if len(value) > most_bytes(config):
            yield too_large(source, number, config)
        elif number == 1 and not values.is_array:
            first = value
        else:
            yield Record(source, number, Kind.ROW, _encoded(value), envelope)
    if first is not None:
        yield Record(source, None, Kind.ROW, _encoded(first), envelope)
    if not number:
        yield Rejection(source, None, "the file holds no values")


def _encoded(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


class _Values:
    """The values of a text as they stand there, in an array or not, read as they are asked for."""

    def __init__(self, text: IO[str], limit: int) -> None:
        self._text = text
        self._limit = limit
        self._held = ""
        self._begin = 0
        self.is_array = False

    def __iter__(self) -> Iterator[str]:
        number = 0
        if self._next_sign() == "[":
            self.is_array = True
            self._begin += 1
        while (sign := self._next_sign()) and not (self.is_array and sign == "]"):
            if number and self.is_array:
                self._take_comma(number)
            number += 1
            yield self._value(number)
        if self.is_array:
            self._check_end(number)

    def _check_end(self, number: int) -> None:
        if not self._next_sign():
            raise _damage(number, "its array has no end")
        self._begin += 1
        if self._next_sign():
            raise _damage(number, "something follows its array")

    def _take_comma(self, number: int) -> None:
        if self._next_sign() != ",":
            raise _damage(number, "there is no comma between values")
        self._begin += 1
        self._next_sign()

    def _next_sign(self) -> str:
        """The next character that is no white space, which is not taken; empty at the end."""
        while True:
            while self._begin < len(self._held):
                if self._held[self._begin] not in BETWEEN:
                    return self._held[self._begin]
                self._begin += 1
            if not self._read_on(AT_ONCE):
                return ""

    def _read_on(self, size: int) -> bool:
        more = self._text.read(size)
        self._held = self._held[self._begin :] + more
        self._begin = 0
        return bool(more)

    def _value(self, number: int) -> str:
        """One value. An unfinished one is tried again when twice as much is there."""
        size = AT_ONCE
        while True:
            end, error = self._tried(number)
            if end:
                value, self._begin = self._held[self._begin : end], end
                return value
            if len(self._held) - self._begin > self._limit:
                raise NotReadError(
                    f"value {number} is larger than {self._limit >> 20} MB, or not JSON; "
                    "raise --max-record-megabytes to read it"
                )
            if not self._read_on(max(size, len(self._held) - self._begin)):
                raise _damage(number - 1, error)

    def _tried(self, number: int) -> tuple[int, str]:
        """The value's end, or 0 and what is wrong."""
        try:
            _, end = DECODER.raw_decode(self._held, self._begin)
        except json.JSONDecodeError as error:
            return 0, f"{error.msg.removesuffix(' at')} at character {error.pos - self._begin}"
        except RecursionError:
            raise _damage(number - 1, "the next one is nested too deeply") from None
        is_open = end == len(self._held) and self._held[self._begin] not in '{["'
        return (0, "it is cut off") if is_open else (end, "")


def _damage(number: int, what: str) -> NotReadError:
    after = f" after value {number}" if number else ""
    return NotReadError(f"the file is not JSON{after}: {what}; mend it or fetch it again")
