"""What is asked, and how."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    title: str
    pattern: str
    options: tuple = ()
    echoes: tuple = ()      # pairs of a name and a variant; the first is
                            # the ceiling
    late: bool = False      # the upstream server takes 5 to 20 ms
    warm: tuple = ("-d", 0.1)


UDP = (("echo", "udp"),)
TCP = (("echo", "tcp"),)
FORWARD = (("echo", "forward"),)
GROUPED = (("echo", "udp"), ("echo, UDP_SEGMENT", "gso"))

WORKLOADS = (
    Workload("W1", "10,000 local names", "local", echoes=GROUPED),
    Workload("W2", "a million local names", "many", echoes=GROUPED),
    Workload("W3", "1,000 forwarded names, cached", "hot", echoes=UDP,
             warm=("-n", 2000)),
    Workload("W4", "forwarded, every name new", "new", echoes=FORWARD),
    Workload("W4d", "the same, upstream 5 to 20 ms away", "new",
             echoes=FORWARD, late=True),
    Workload("W5", "half local, 40 % hot, 10 % new; A, AAAA, HTTPS; EDNS",
             "mix", echoes=UDP, warm=("-d", 0.3)),
    Workload("W6", "local, 8 TCP connections, 24 in flight on each", "local",
             ("-t", "-s", 8, "-f", 24), TCP),
    Workload("W6s", "local, 16 TCP connections, one in flight on each",
             "local", ("-t", "-s", 16, "-f", 1), TCP),
)
BY_NAME = {workload.name: workload for workload in WORKLOADS}
