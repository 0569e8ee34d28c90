"""A bare sink for messages: answers each like Twilio after so many milliseconds, and keeps nothing but a count."""

import asyncio
import itertools
import sys

_numbers = itertools.count()
ANSWER = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency: float) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
            await reader.readexactly(length)
            if latency:
                await asyncio.sleep(latency)
            body = b'{"sid":"SM%032x","status":"queued","error_code":null}' % next(_numbers)
            writer.write(ANSWER % (len(body), body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _main(latency: float) -> None:
    server = await asyncio.start_server(lambda reader, writer: _serve(reader, writer, latency), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1])))
