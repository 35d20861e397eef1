"""bench.py --ours DIR --peers DIR --scratch DIR [--only NAME,…] [--full] [--json]

The gRPC runtime beside its peers: speed, allocations, memory; a table of ratios with what is asked
of each. Every figure of a table comes from one run; the servers take turns, round after round, each
on one core with the load on the other, and the medians count. `--full` makes ten million calls for
the memory instead of one. Ends with status 1 if a goal is missed.
"""

import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from programs import Programs, run

NAMES = {"ours": "Học bạ", "cpp": "gRPC C++", "swift": "grpc-swift-2"}


class Figure:
    """One line of the table."""

    def __init__(self, what, unit, values, goals, digits=0):
        self.what, self.unit, self.values, self.digits = what, unit, values, digits
        #: (text, whether it is met)
        self.goals = goals

    def row(self):
        cells = [f"{self.what}, {self.unit}"]
        for name in NAMES:
            value = self.values.get(name)
            cells.append("" if value is None else f"{value:,.{self.digits}f}")
        cells.append("; ".join(text for text, _ in self.goals))
        cells.append("yes" if all(met for _, met in self.goals) else "**no**")
        return cells


def at_least(values, peer, factor):
    ratio = values["ours"] / values[peer]
    return f"{ratio:.1f} × {NAMES[peer]} (≥ {factor})", ratio >= factor


def at_most(values, peer):
    ratio = values["ours"] / values[peer]
    return f"{ratio:.2f} × {NAMES[peer]} (≤ 1)", ratio <= 1


def no_more(value, limit, unit):
    return f"{value:.1f} {unit} (≤ {limit})", value <= limit


def interleaved(rounds, servers, measure):
    """Medians by name; `servers` are entered already."""
    values = {name: [] for name in servers}
    for _ in range(rounds):
        for name, server in servers.items():
            values[name].append(measure(name, server))
    return {name: statistics.median(each) for name, each in values.items()}


class Bench:
    def __init__(self, programs, is_full):
        self.programs, self.is_full = programs, is_full

    def with_servers(self, names, measure, rounds=5, tls=False):
        servers = {name: self.programs.server(name, tls=tls) for name in names}
        entered = []
        try:
            for name, server in servers.items():
                entered.append(server.__enter__())
                # Right before fast.
                self.programs.load(server.port, "--calls", 2000, "--in-flight", 32, tls=tls)
            return interleaved(rounds, servers, measure)
        finally:
            for server in entered:
                server.__exit__()

    def unary(self):
        def measure(name, server):
            calls = 30_000 if name == "swift" else 100_000
            return self.programs.h2load(server.port, calls, 4, 32)[0]

        values = self.with_servers(NAMES, measure)
        goals = [at_least(values, "swift", 10), at_least(values, "cpp", 2)]
        return [Figure("unary echo of 100 bytes, 4 × 32 in flight", "calls/s", values, goals)]

    def latency(self):
        def measure(name, server):
            return self.programs.h2load(server.port, 20_000, 1, 1)[1]

        values = self.with_servers(NAMES, measure)
        what = "one call in flight, mean latency"
        return [Figure(what, "µs", values, [at_most(values, "cpp")], digits=1)]

    def tls(self):
        def measure(name, server):
            calls = 30_000 if name == "swift" else 100_000
            return self.programs.h2load(server.port, calls, 4, 32, tls=True)[0]

        values = self.with_servers(NAMES, measure, rounds=3, tls=True)
        return [Figure("unary echo with TLS", "calls/s", values, [at_least(values, "swift", 5)])]

    def client(self):
        def measure(name, server):
            if name == "ours":
                flags = ("--calls", 100_000, "--connections", 4, "--in-flight", 128)
                return self.programs.load(server.port, *flags)["calls_per_second"]
            flags = ("--bench", "--calls=20000", "--in-flight=128", "--connections=4")
            return self.programs.peer_client(name, server.port, *flags)["calls_per_second"]

        values = self.with_servers(NAMES, measure, rounds=3)
        what = "own client against own server, 128 in flight"
        return [Figure(what, "calls/s", values, [at_least(values, "swift", 5)])]

    def stream(self):
        def measure(name, server):
            flags = ("--bench-stream", "--calls=20000", "--in-flight=4", "--connections=1")
            return self.programs.peer_client("cpp", server.port, *flags)["bytes_per_second"] / 1e6

        values = self.with_servers(NAMES, measure, rounds=3)
        what = "streaming of 64 KiB messages to gRPC C++'s client"
        return [Figure(what, "MB/s", values, [at_least(values, "cpp", 1)])]

    def allocations(self):
        values = {}
        for name in NAMES:
            with self.programs.server(name, preload=self.programs.counter) as server:
                counts = []
                for calls in (2_000, 4_000, 8_000):
                    self.programs.h2load(server.port, calls, 4, 32)
                    counts.append(server.allocations())
            # What is done once a run is in both differences.
            values[name] = ((counts[2] - counts[1]) - (counts[1] - counts[0])) / 4_000
        goals = [no_more(values["ours"], 15, "a call")]
        return [Figure("allocations in the server", "a unary call", values, goals, digits=1)]

    def memory(self):
        calls = 10_000_000 if self.is_full else 1_000_000
        figures = []
        with self.programs.server("ours") as server:
            idle = server.resident()
            self.programs.h2load(server.port, calls // 10, 4, 32)
            early = server.resident()
            self.programs.h2load(server.port, calls, 4, 32)
            grown = server.resident() - early
        goals = [no_more(idle, 25, "MB")]
        figures.append(Figure("resident when idle", "MB", {"ours": idle}, goals, digits=1))
        goals = [no_more(grown, 1, "MB")]
        what = f"growth over {calls:,} calls"
        figures.append(Figure(what, "MB", {"ours": grown}, goals, digits=1))
        return figures

    def connections(self):
        with self.programs.server("ours") as server:
            idle = server.resident()
            opened, closed = [], []
            for _ in range(3):
                # Two processes, for either has its limit of open files.
                loads = [self.hold(server.port) for _ in range(2)]
                for load in loads:
                    load.stdout.readline()
                opened.append(server.resident())
                for load in loads:
                    load.communicate()
                    if load.returncode != 0:
                        raise RuntimeError("not all calls on 10,000 connections were answered")
                # Longer than a server waits for its peer to close.
                closed.append(server.resident(after=3))
        each = (opened[-1] - idle) * 1024 / 10_000
        # The first time is the allocator's, which keeps what it has once had.
        goals = [no_more(opened[-1] - opened[1], 10, "MB more than the time before")]
        what = f"resident with 10,000 connections open, {each:.0f} KiB each"
        figures = [Figure(what, "MB", {"ours": opened[-1]}, goals, digits=1)]
        goals = [no_more(closed[-1] - closed[1], 10, "MB more than the time before")]
        what = "resident after 10,000 connections"
        return figures + [Figure(what, "MB", {"ours": closed[-1]}, goals, digits=1)]

    def hold(self, port):
        command = [self.programs.ours / "grpc-load", "--json", "--port", port, "--hold", 8]
        command += ["--connections", 5_000, "--calls", 1_000, "--in-flight", 200]
        return subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, text=True
        )


PARTS = ["unary", "latency", "tls", "client", "stream", "allocations", "memory", "connections"]


def table(figures):
    rows = [["", *NAMES.values(), "ratio (goal)", "met"]] + [each.row() for each in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        lines.append("| " + " | ".join(cells) + " |")
        if number == 0:
            lines.append("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine():
    model = next(
        (line.split(":")[1].strip() for line in run(["lscpu"]).splitlines() if "Model name" in line),
        "unknown",
    )
    return f"{model}, {os.cpu_count()} cores"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", type=Path, required=True)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    parts = options.only.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    programs = Programs(options.ours, options.peers, options.scratch)
    programs.prepare()
    bench = Bench(programs, options.full)
    figures = []
    for part in parts:
        print(f"bench: {part}", file=sys.stderr)
        figures += getattr(bench, part)()
    date = datetime.date.today().isoformat()
    if options.json:
        rows = [
            {"what": each.what, "unit": each.unit, "values": each.values, "goals": each.goals}
            for each in figures
        ]
        report = {"date": date, "machine": machine(), "figures": rows}
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        print(f"{date}, {machine()}; medians, all of one run\n\n{table(figures)}")
    sys.exit(0 if all(met for each in figures for _, met in each.goals) else 1)


if __name__ == "__main__":
    main()
