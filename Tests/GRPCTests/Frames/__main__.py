"""Runs the cases against a server, or against the doubles; prints a line of JSON for each.

The server is one of gRPC with the methods of Support.swift, and `Hold`, which takes the messages of
a client and reads none.
"""

import argparse
import concurrent.futures
import json
import ssl

import calls  # noqa: F401
import compression  # noqa: F401
import connection_frames  # noqa: F401
import flow  # noqa: F401
import frames  # noqa: F401
import leaving  # noqa: F401
import messages  # noqa: F401
import starting  # noqa: F401
import states  # noqa: F401
import stock  # noqa: F401
from case import CASES, LEAVING
from doubles import DOUBLES, start
from expect import answered
from h2spec import H2SPEC, names
from known import KNOWN
from wire import Connection


def attempt(case, port, timeout, tls=None):
    """How the case ended (see expect.py), and what is wrong: `None` if nothing is."""
    opened = []

    def connect():
        opened.append(Connection.to(port, timeout, tls))
        return opened[-1]

    try:
        first = connect()
        first.begin()
        answered(first.call())(first)
        connection = connect() if case.is_raw else first
        expectation = case(connection)
        if expectation is None:
            return None, "the case expects nothing"
        expectation(connection)
        return expectation.ends, None
    except Exception as error:  # A case must not end the run, whatever the server did to it.
        return None, "%s: %s" % (type(error).__name__, error)
    finally:
        for connection in opened:
            connection.close()


def report(case, problem):
    line = {"case": case.__name__, "claim": case.__doc__, "problem": problem}
    print(json.dumps(line), flush=True)


def run(port, tls, part):
    all_names = {case.__name__ for case in CASES}
    named = [("known.py", name) for name in KNOWN]
    named += [(section, name) for section in H2SPEC for name in names(section)]
    for place, name in named:
        if name not in all_names:
            problem = "there is no such case"
            print(json.dumps({"case": name, "claim": "is of " + place, "problem": problem}))
    for case in CASES:
        if part not in case.__name__:
            continue
        reason = KNOWN.get(case.__name__)
        # What is known not to come is not waited for as long.
        _, problem = attempt(case, port, 2 if reason else 20, tls)
        if reason and problem is None:
            problem = "succeeds, though known.py says: " + reason
        elif reason and problem.startswith("Failed: "):
            problem = None
        report(case, problem)


def check_doubles():
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        for double, allowed in DOUBLES.items():
            port = start(double)
            tries = pool.map(
                lambda case: (case, *attempt(case, port, timeout=0.4)), CASES + LEAVING
            )
            for case, ended, problem in tries:
                wrong = problem is None and ended not in allowed
                problem = "succeeds with a server that is %s" % double if wrong else None
                line = {"case": case.__name__, "claim": "notices " + double, "problem": problem}
                print(json.dumps(line), flush=True)


def context(roots):
    made = ssl.create_default_context(cafile=roots)
    made.set_alpn_protocols(["h2"])
    return made


parser = argparse.ArgumentParser()
parser.add_argument("port", nargs="?", type=int)
parser.add_argument("--tls", type=context, metavar="ROOTS", help="a file of certificates")
parser.add_argument("--only", default="", metavar="PART", help="cases with this in their names")
parser.add_argument("--leaving", action="store_true", help="the cases that end the server")
parser.add_argument("--doubles", action="store_true", help="against wrong servers of its own")
arguments = parser.parse_args()
if arguments.doubles:
    check_doubles()
elif arguments.leaving:
    for case in LEAVING:
        report(case, attempt(case, arguments.port, 20, arguments.tls)[1])
else:
    run(arguments.port, arguments.tls, arguments.only)
