#!/usr/bin/env python3
"""Measures rules against PostgreSQL 15 and against simdjson, on this machine, in one run.

Prints a line for each figure: what, ours, the peer's, unit, their ratio, and the ratio that is the goal. Builds bench_rules as a
release in build/bench-rules; PostgreSQL is started in a temporary folder (Debian's package postgresql).
"""
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("IOTMAN_BENCH_BUILD", ROOT / "build/bench-rules"))
ROUNDS = 3
ROWS = 200_000

sys.path.insert(0, str(ROOT / "tests/fuzz/rules"))
from against_postgres import Postgres  # noqa: E402


def built():
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["cmake", "--preset", "release", "-B", BUILD, "-DIOTMAN_ONLY=core/model;core/rules"], cwd=ROOT, **quiet)
    subprocess.run(["cmake", "--build", BUILD, "--target", "bench_rules"], **quiet)
    return next(path for path in BUILD.rglob("bench_rules") if path.is_file() and os.access(path, os.X_OK))


def ours(program):
    out = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    return {name: float(figure) for name, figure in (line.split() for line in out.splitlines())}


FILL = """create table d as select format('{"ts":%s,"device":"th-%s","temp_f":%s,"humidity":%s,"n":%s}', round(1.7e9 + n / 1000.0, 3), n % 50,
    round(60 + n % 300 / 10.0, 1), round(40 + n % 300 / 10.0, 1), n) as p from generate_series(1, {rows}) n;
create table e as select format('{"ts":%s,"device":"th-%s","temp_f":%s,"humidity":%s,"n":%s,"location":"Seattle","firmware":"2.14.0","battery":3.71,"state":"ok","note":"%s"}',
    round(1.7e9 + n / 1000.0, 3), n % 50, round(60 + n % 300 / 10.0, 1), round(40 + n % 300 / 10.0, 1), n, repeat('x', 20)) as p
    from generate_series(1, {rows}) n;
""".replace("{rows}", str(ROWS))
CELSIUS = "select sum(length(jsonb_build_object('t', jsonb_path_query_first(p::jsonb, '($.temp_f - 32) / 1.8'))::text)) from d"
FILTER = "select count(*) from e where p::jsonb @@ '$.location == \"Seattle\" && $.temp_f > 30 && $.battery < 100'"


def theirs(server, query):
    """Nanoseconds of processor time per row, without what only reading the rows costs."""
    def run(sql):
        spent = "select split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)"
        script = f"set max_parallel_workers_per_gather = 0; set jit = off; {spent}; {sql}; {spent};"
        out = subprocess.run(["psql", "-h", server.folder, "-U", "postgres", "-qAtX", "-c", script], capture_output=True, text=True,
                             check=True).stdout.split()
        return (int(out[2]) - int(out[0])) / ROWS
    table = query.split(" from ")[1].split()[0]
    return run(query) - run(f"select sum(length(p)) from {table}")


def tell(what, unit, ours, peer, ratio, goal):
    print(f"{what:<62} {ours:>10,.2f} {peer:>10,.2f} {unit:<8} {ratio:6.2f}  goal {goal}", flush=True)


def main():
    program = built()
    server = Postgres()
    try:
        subprocess.run(["psql", "-h", server.folder, "-U", "postgres", "-qX", "-c", FILL], check=True)
        rounds = [(ours(program), theirs(server, CELSIUS), theirs(server, FILTER)) for _ in range(ROUNDS)]
    finally:
        server.stop()
    mine = {name: statistics.median(round[0][name] for round in rounds) for name in rounds[0][0]}
    celsius = statistics.median(round[1] for round in rounds)
    filtered = statistics.median(round[2] for round in rounds)
    print(f"{'what':<62} {'ours':>10} {'peer':>10} {'unit':<8} {'ratio':>6}")
    tell("{ t: ($.temp_f - 32) / 1.8 } / PostgreSQL 15, text to text", "ns", mine["celsius"], celsius, celsius / mine["celsius"], 5)
    tell("filter of three comparisons, 200 bytes / PostgreSQL 15", "ns", mine["filter"], filtered, filtered / mine["filter"],
         "1 (and 500 ns)")
    tell("passthrough of 200 bytes / simdjson's parser", "GB/s", mine["passthrough"], mine["passthrough_simdjson"],
         mine["passthrough"] / mine["passthrough_simdjson"], "1 (or 1 GB/s)")
    tell("passthrough of 40 kB / simdjson's parser", "GB/s", mine["long_passthrough"], mine["long_passthrough_simdjson"],
         mine["long_passthrough"] / mine["long_passthrough_simdjson"], "1 (or 1 GB/s)")


if __name__ == "__main__":
    main()
