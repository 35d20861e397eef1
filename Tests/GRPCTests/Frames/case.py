"""The list of cases.

A case is a function whose name begins with its RFC (or `grpc`) and section, whose text is what it
claims, and which returns what it expects (see expect.py).
"""

CASES = []
# Those that end the server, each of which gets one of its own.
LEAVING = []


def case(function):
    """Gets a connection on which one call, on stream 1, has been answered."""
    function.is_raw = False
    CASES.append(function)
    return function


def raw_case(function):
    """Gets a connection that has carried nothing; another has shown that the server is there."""
    function.is_raw = True
    CASES.append(function)
    return function


def leaving_case(function):
    """As `case`, at a server that begins to shut down when `Leave` is called."""
    function.is_raw = False
    LEAVING.append(function)
    return function
