"""A recogniser behind a WebSocket as alphacep's vosk-server is one; run by `benchmarks.recogniser`.

Written anew from its documented protocol, for it is no package: each connection has a recogniser
of its own, each binary message is heard in a pool with a thread per processor and answered by one
JSON message, `{"partial": …}` or, where Kaldi's own endpointing finds an end, `{"text": …}`;
`{"eof" : 1}` asks for the final result.

Arguments: folder of the model, sample rate. Prints the port it listens on.
"""

import asyncio
import contextlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import websockets
from vosk import KaldiRecognizer, Model, SetLogLevel

EOF = '{"eof" : 1}'


def hear(recogniser: KaldiRecognizer, message: str | bytes) -> tuple[str, bool]:
    """The answer to one message, and whether it was the last one."""
    if message == EOF:
        return recogniser.FinalResult(), True
    if recogniser.AcceptWaveform(message):
        return recogniser.Result(), False
    return recogniser.PartialResult(), False


async def main() -> None:
    """Serve until the process is ended."""
    SetLogLevel(-1)
    model, rate = Model(sys.argv[1]), float(sys.argv[2])
    pool = ThreadPoolExecutor(os.cpu_count() or 1)

    async def recognise(socket: websockets.ServerConnection) -> None:
        recogniser = KaldiRecognizer(model, rate)
        loop = asyncio.get_running_loop()
        with contextlib.suppress(websockets.ConnectionClosed):
            async for message in socket:
                answer, over = await loop.run_in_executor(pool, hear, recogniser, message)
                await socket.send(answer)
                if over:
                    return

    async with websockets.serve(recognise, "127.0.0.1", 0) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
