"""Three NATS servers that keep every stream three times, for tests of a change of leader."""

import asyncio
import json
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from reeve.stack.nats import find_binary

SIZE = 3


@dataclass
class Cluster:
    """Servers 0, 1 and 2; each may be killed and started again with what it stored."""

    folder: Path
    ports: list[int] = field(default_factory=list)
    routes: list[int] = field(default_factory=list)
    processes: "list[subprocess.Popen[bytes] | None]" = field(default_factory=lambda: [None] * SIZE)

    @property
    def url(self):
        return ",".join(f"nats://127.0.0.1:{port}" for port in self.ports)

    def start_all(self):
        free = free_ports(2 * SIZE)
        self.ports, self.routes = free[:SIZE], free[SIZE:]
        for number in range(SIZE):
            self.start(number)

    def start(self, number):
        routes = ", ".join(f"nats://127.0.0.1:{port}" for port in self.routes)
        config = self.folder / f"{number}.conf"
        config.write_text(
            f"server_name: n{number}\n"
            f"listen: 127.0.0.1:{self.ports[number]}\n"
            f"jetstream {{ store_dir: {json.dumps(str(self.folder / str(number)))} }}\n"
            f"cluster {{ name: test, listen: 127.0.0.1:{self.routes[number]}, "
            f"routes: [{routes}] }}\n"
        )
        command = [find_binary(), "-c", config, "-l", self.folder / f"{number}.log"]
        self.processes[number] = subprocess.Popen(command)

    def kill(self, number):
        process = self.processes[number]
        self.processes[number] = None
        if process is not None:
            process.kill()
            process.wait()

    def stop(self):
        for number in range(SIZE):
            self.kill(number)


def free_ports(count):
    """Ports that were free a moment ago, since the servers must know each other's beforehand."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


async def leader(api, stream):
    """The number of the server that leads a stream; waits until there is one."""
    while True:
        info = await api.call(f"STREAM.INFO.{stream}")
        name = info.get("cluster", {}).get("leader", "")
        if name:
            return int(name.removeprefix("n"))
        await asyncio.sleep(0.1)
