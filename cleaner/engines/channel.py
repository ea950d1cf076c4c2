"""Messages between the program and a worker, over a pair of sockets."""

import socket
import struct
from collections import deque

LENGTH = struct.Struct("<Q")


class Channel:
    """One end. The program's end never waits to send, as it must look after all its workers."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._to_send: deque[memoryview] = deque()

    def fileno(self) -> int:
        """The descriptor to wait for."""
        return self._end.fileno()

    @property
    def has_to_send(self) -> bool:
        """Whether some of what was put is still here."""
        return bool(self._to_send)

    def put(self, message: bytes) -> None:
        """Send what can be sent at once, and keep the rest for `send_some`."""
        self._to_send += memoryview(LENGTH.pack(len(message))), memoryview(message)
        self.send_some()

    def send_some(self) -> None:
        """Send of what was put as much as the other end takes without being waited for."""
        self._end.setblocking(False)
        try:
            while self._to_send:
                sent = self._end.send(self._to_send[0])
                rest = self._to_send.popleft()[sent:]
                if rest:
                    self._to_send.appendleft(rest)
        except BlockingIOError:
            pass
        except OSError:  # the other end has gone, which the next `receive` tells
            self._to_send.clear()
        finally:
            self._end.setblocking(True)

    def send(self, message: bytes) -> None:
        """Send all of a message, and wait until it is taken."""
        self._end.sendall(LENGTH.pack(len(message)))
        self._end.sendall(message)

    def receive(self) -> bytearray:
        """The next message.

        Raises:
            EOFError: the other end has gone, perhaps in the middle of it.

        """
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
        return self._exactly(length)  # as it is: a message may be large, and a copy takes long

    def close(self) -> None:
        """Close this end."""
        self._end.close()

    def _exactly(self, size: int) -> bytearray:
        data = bytearray(size)
        view, filled = memoryview(data), 0
        while filled < size:
            try:
                received = self._end.recv_into(view[filled:])
            except ConnectionError:
                received = 0
            if not received:
                raise EOFError
            filled += received
        return data
