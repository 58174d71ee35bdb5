"""Prints "open", then the first COUNT messages of a stream, one a line as JSON text. Usage: read_stream.py URL COUNT"""
import asyncio
import json
import sys

import websockets


async def main(url, count):
    async with websockets.connect(url) as socket:
        print("open", flush=True)
        for _ in range(count):
            print(json.dumps(await asyncio.wait_for(socket.recv(), 30)), flush=True)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
