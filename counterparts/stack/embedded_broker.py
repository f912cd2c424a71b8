"""The amqtt broker as a process: `python -m counterparts.stack.embedded_broker PORT ACCOUNTS`."""

import asyncio
import logging
import signal
import sys

from amqtt.broker import Broker


async def serve(port: int, accounts: str) -> None:
    """Serve MQTT 3.1.1 on loopback to the accounts in the file until SIGTERM or SIGINT."""
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "plugins": {
                "amqtt.plugins.authentication.FileAuthPlugin": {"password_file": accounts},
            },
        }
    )
    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    await broker.start()
    await told.wait()
    await broker.shutdown()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
