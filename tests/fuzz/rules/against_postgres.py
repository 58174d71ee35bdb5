#!/usr/bin/env python3
"""Random rules over random payloads: do we answer what PostgreSQL 15 answers?

    against_postgres.py ANSWERS [--minutes M] [--seed N] [--server DIR] [--keep FILE]

ANSWERS is the program `rule_answers` of the build. A PostgreSQL is started in a temporary folder, reachable through a
socket there only, and removed at the end; `--server` takes one that runs already, by the folder of its socket.
Prints every difference, shortest rule first; exit 1 when there are some. `--keep` appends them as lines of the corpus.
"""

import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from grammar import Rules

BATCH = 4000

FUNCTION = r"""
create or replace function pg_temp.answer(p text, d text, v text) returns text language plpgsql as $$
declare path jsonpath; doc jsonb;
begin
    begin path := p::jsonpath; exception when others then return 'syntax'; end;
    begin doc := d::jsonb; exception when others then return 'document'; end;
    begin return jsonb_path_query_array(doc, path, v::jsonb)::text;
    exception when others then return 'runtime ' || sqlstate; end;
end $$;
"""


class Postgres:
    """A server of its own in a temporary folder, owned by an ordinary user: PostgreSQL refuses to run as root."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="iotman-postgres-")
        self.programs = max(glob.glob("/usr/lib/postgresql/15*/bin"), default="")
        self.become = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.become = ["runuser", "-u", "postgres", "--"]
        data = self.folder + "/data"
        self.run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.run("pg_ctl", "-D", data, "-w", "-l", self.folder + "/log", "-o",
                 f"-k {self.folder} -c listen_addresses='' -c fsync=off", "start")

    def run(self, program, *arguments):
        subprocess.run([*self.become, os.path.join(self.programs, program), *arguments], check=True,
                       stdout=subprocess.DEVNULL, cwd="/")

    def stop(self):
        self.run("pg_ctl", "-D", self.folder + "/data", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


def copied(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def uncopied(text):
    return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace("\0", "\\")


def theirs(folder, cases):
    """PostgreSQL's answers, or None when some case took it too long."""
    rows = "".join(f"{n}\t{copied(c['path'])}\t{copied(c['doc'])}\t{copied(c['vars'])}\n" for n, c in enumerate(cases))
    script = (FUNCTION + "set statement_timeout = '60s'; create temp table cases (n int, p text, d text, v text);\n"
              "copy cases from stdin;\n" + rows + "\\.\n"
              "copy (select pg_temp.answer(p, d, v) from cases order by n) to stdout;\n")
    done = subprocess.run(["psql", "-h", folder, "-U", "postgres", "-d", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1"],
                          input=script.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        print(done.stderr.decode(errors="replace")[:500], file=sys.stderr)
        return None
    return [uncopied(line) for line in done.stdout.decode().split("\n")[:-1]]


def ours(program, cases):
    lines = "".join(json.dumps(c, ensure_ascii=False) + "\n" for c in cases)
    done = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


def agree(mine, other):
    return mine.startswith("limit: ") or (mine == other if other.startswith("[") else mine.split(":")[0] == other)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("answers")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--server")
    parser.add_argument("--keep")
    options = parser.parse_args()
    server = None if options.server else Postgres()
    folder = options.server or server.folder
    print(f"seed {options.seed}")
    seed, compared, limited, failed, differences = options.seed, 0, 0, 0, []
    end = time.time() + options.minutes * 60
    try:
        while time.time() < end:
            rules = Rules(seed)
            seed += 1
            cases = [rules.case() for _ in range(BATCH)]
            other = theirs(folder, cases)
            if other is None:
                continue
            mine = ours(options.answers, cases)
            compared += len(cases)
            limited += sum(m.startswith("limit: ") for m in mine)
            failed += sum(not o.startswith("[") for o in other)
            differences += [(c, m, o) for c, m, o in zip(cases, mine, other) if not agree(m, o)]
            if len(differences) > 500:
                break
    finally:
        if server:
            server.stop()
    differences.sort(key=lambda d: len(d[0]["path"]) + len(d[0]["doc"]))
    for case, mine, other in differences:
        print(json.dumps(case, ensure_ascii=False), "\n  PostgreSQL:", other[:300], "\n  ours:      ", mine[:300])
    if options.keep:
        with open(options.keep, "a") as out:
            for case, _, other in differences:
                what = other.split(" ")
                result = {"result": other} if other.startswith("[") else \
                    {"error": what[0], **({"sqlstate": what[1]} if len(what) > 1 else {})}
                out.write(json.dumps({"id": "random", **case, **result}, ensure_ascii=False) + "\n")
    print(f"{compared} compared, {failed} of them refused by PostgreSQL, {limited} beyond a limit of ours, "
          f"{len(differences)} differ")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
