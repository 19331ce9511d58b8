"""The servers that are compared: how each is started, stopped and read."""
import dataclasses
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER_CORE, LOAD_CORE = (sorted(os.sched_getaffinity(0)) * 2)[:2]
PORT = 5300
LOCAL = ("W1", "W2", "W6", "W6s")
ALL = ("W1", "W2", "W3", "W4", "W4d", "W5", "W6", "W6s")


@dataclasses.dataclass(frozen=True)
class Kind:
    """A program, and what it makes of local names (see message.h)."""
    name: str
    command: str
    shape: str = "chain"
    workloads: tuple = ALL
    fresh_port: bool = False    # a random one for each query upstream
    files: str = ""             # the folder of peers/, if not of that name
    workers: int = 1            # resolverd's
    host: str = ""              # for one that needs an interface's address


PEERS = (
    Kind("dnsmasq", "dnsmasq -k -C {dir}/dnsmasq.conf", "flat"),
    Kind("Unbound", "unbound -d -c {dir}/unbound.conf", "flat",
         fresh_port=True, files="unbound"),
    Kind("Knot Resolver", "kresd -n -q -c {dir}/kresd.conf {dir}", "flat",
         fresh_port=True, files="kresd"),
    Kind("dnsdist", "dnsdist --supervised --disable-syslog "
         "-C {dir}/dnsdist.conf", "flat"),
    Kind("BIND", "named -f -n 1 -c {dir}/named.conf", fresh_port=True,
         files="bind", host="127.0.0.1"),
    Kind("smartdns", "smartdns -f -p - -c {dir}/smartdns.conf", "single"),
    Kind("gdnsd", "gdnsd -c {dir} start", "alias", LOCAL),
    Kind("NSD", "nsd -d -c {dir}/nsd.conf", workloads=LOCAL, files="nsd"),
    Kind("Knot DNS", "knotd -c {dir}/knot.conf", workloads=LOCAL,
         files="knot"),
)
RESOLVERD = Kind("resolverd", "{resolverd} -f -c {dir}/resolverd.yaml")


def echo(name, variant, grown, workloads):
    """An echo server, which is asked as a server is."""
    upstream = " {upstream}:{upstream_port}" if variant == "forward" else ""
    return Kind(name, f"{{bench}}/echo {variant} {{host}}:{{port}} "
                f"{0 if upstream else round(grown)}{upstream}",
                "echo", workloads)


def find(program):
    """Daemons are not in everybody's PATH."""
    path = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    return shutil.which(program, path=path)


def installed():
    """The peers that can run here, and the names of those that cannot."""
    there = [kind for kind in PEERS if find(kind.command.split()[0])]
    return there, [kind.name for kind in PEERS if kind not in there]


class Processes:
    """All that was started; none is left behind."""

    def __init__(self):
        self.running = []

    def start(self, command, core, output, environment=None):
        cores = core if isinstance(core, set) else {core}
        process = subprocess.Popen(
            command, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, cwd="/",
            env={**os.environ, **(environment or {})},
            preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.running.append(process)
        return process

    def stop(self, process):
        """Its session ends, by the ids of its processes.  Nothing that they
        could put in order outlives them."""
        while pids := members(process.pid):
            for pid in pids:
                send(pid, signal.SIGKILL)
            time.sleep(0.01)
        process.wait()
        self.running.remove(process)

    def stop_all(self):
        for process in list(self.running):
            self.stop(process)


def free_port(host):
    """One that is free for both transports."""
    while True:
        with socket.socket(type=socket.SOCK_DGRAM) as udp, \
                socket.socket() as tcp:
            udp.bind((host, 0))
            try:
                tcp.bind((host, udp.getsockname()[1]))
            except OSError:
                continue
            return udp.getsockname()[1]


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def members(session):
    """The processes of a session."""
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="ascii", errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        # The second field is a name in brackets, which may hold anything.
        fields = text[text.rindex(")") + 2:].split()
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(text.split()[0]))
    return found


class Server:
    """One that runs, alone in its folder and at its address."""

    def __init__(self, kind, bench, number, extra=""):
        self.kind = kind
        self.bench = bench
        self.host = kind.host or f"{bench.network}.{number}"
        self.port = free_port(kind.host) if kind.host else PORT
        self.address = f"{self.host}:{self.port}"
        self.directory = os.path.join(
            bench.work, f"{kind.name.replace(' ', '-')}-{number}")
        self.process = None
        self.samples = []
        self.extra = extra

    def values(self, upstream):
        return {"host": self.host, "port": self.port, "upstream": upstream,
                "upstream_port": PORT, "dir": self.directory,
                "user": pwd.getpwuid(os.getuid()).pw_name,
                "workers": self.kind.workers,
                "bench": self.bench.tools, "resolverd": self.bench.resolverd}

    def prepare(self, upstream):
        """Its files, with what is particular to this run."""
        source = os.path.join(
            HERE, "peers", self.kind.files or self.kind.name)
        values = self.values(upstream)
        os.makedirs(self.directory, exist_ok=True)
        os.chmod(self.directory, 0o777)
        for path in glob.glob(source + "/**/*", recursive=True):
            if os.path.isdir(path):
                continue
            target = os.path.join(
                self.directory, os.path.relpath(path, source))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(path, encoding="ascii") as file:
                text = file.read() + self.extra
            for key, value in values.items():
                text = text.replace(f"@{key.upper()}@", str(value))
            with open(target, "w", encoding="ascii") as file:
                file.write(text)
        return values

    def command(self, upstream):
        values = self.prepare(upstream)
        words = self.kind.command.format(**values).split()
        return [find(words[0]) or words[0]] + words[1:]

    def start(self, upstream, cores=None, environment=None):
        command = self.command(upstream)
        with open(os.path.join(self.directory, "output"), "wb") as output:
            self.process = self.bench.processes.start(
                command, SERVER_CORE if cores is None else cores, output,
                environment)

    def said(self):
        path = os.path.join(self.directory, "output")
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self):
        if self.process is not None:
            self.bench.processes.stop(self.process)
        self.process = None

    def pids(self):
        return members(self.process.pid)

    def cpu(self):
        """Nanoseconds on a processor, of all threads of all processes."""
        total = 0
        for pid in self.pids():
            for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
                try:
                    with open(path, encoding="ascii") as file:
                        total += int(file.read().split()[0])
                except OSError:
                    continue
        return total

    def held(self, what):
        """MiB, by the kernel's own sum: Rss, or Pss, which shares what is
        shared out among those who share it."""
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                for line in file:
                    if line.startswith(what + ":"):
                        total += int(line.split()[1])
        return total / 1024

    def rest(self):
        """Stands still while others are measured."""
        for pid in self.pids():
            send(pid, signal.SIGSTOP)

    def wake(self):
        for pid in self.pids():
            send(pid, signal.SIGCONT)

    def load(self, pattern, *options, core=LOAD_CORE):
        """Asks it; what load says, and the server's time for that."""
        cores = core if isinstance(core, set) else {core}
        before = self.cpu()
        with subprocess.Popen(
                [f"{self.bench.tools}/load", "-e", self.kind.shape,
                 "-b", str(self.bench.new_base()), *map(str, options),
                 self.address, pattern],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True,
                preexec_fn=lambda: os.sched_setaffinity(0, cores)) as load:
            line = load.stdout.readline()
            spent = self.cpu() - before
            load.stdin.close()
        if not line:
            raise RuntimeError(f"{self.kind.name}: no answer to the load")
        sample = {key: float(value) for key, value in
                  (word.split("=") for word in line.split())}
        sample["cpu"] = spent / 1000 / max(1, sample["answered"])
        sample["rate"] = sample["answered"] / sample["seconds"]
        return sample

    def wait(self, pattern, *options):
        """Until it answers as it should."""
        end = time.monotonic() + 15
        sample = {}
        while time.monotonic() < end and self.process.poll() is None:
            try:
                sample = self.load(pattern, *options, "-s", 1, "-f", 1,
                                   "-n", 1, "-d", 0.1)
            except RuntimeError:
                continue
            if sample["answered"] == 1:
                return True
            time.sleep(0.05)
        print(f"{self.kind.name} is left out: it does not answer as it "
              f"should ({sample})\n{self.said()}", file=sys.stderr)
        return False
