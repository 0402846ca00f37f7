"""A server that is far away: everything on its way there and back takes a while longer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

PART = 2**16  # bytes that are passed on at a time


@contextmanager
def delayed(url: str, milliseconds: float) -> Iterator[str]:
    """An address on this machine that answers as `url` does, with each round trip so much longer."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    where = urlsplit(url)
    starting = _serve(str(where.hostname), int(where.port or 80), milliseconds / 2000)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _serve(host: str, port: int, seconds: float) -> asyncio.Server:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, port)
        await asyncio.gather(_pass_on(reader, back, seconds), _pass_on(there, writer, seconds))

    return await asyncio.start_server(connect, "127.0.0.1", 0)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Each part so many seconds after it came, and none before another that came sooner."""
    loop = asyncio.get_running_loop()
    parts: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def send() -> None:
        while True:
            due, part = await parts.get()
            await asyncio.sleep(due - loop.time())
            if not part:
                writer.close()
                return
            writer.write(part)
            await writer.drain()

    async def receive() -> None:
        part = b"anything"
        while part:
            part = await reader.read(PART)
            parts.put_nowait((loop.time() + seconds, part))

    with suppress(OSError):  # either side may leave
        await asyncio.gather(send(), receive())
