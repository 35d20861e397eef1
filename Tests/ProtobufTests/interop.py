"""The other side of InteropTests: Google's own implementation.

interop.py PROTO make TYPE SEED COUNT   prints random messages, one in hexadecimal a line
interop.py PROTO echo TYPE              parses such lines, and prints each encoded again
interop.py PROTO same TYPE              counts lines of two messages that are not equal
interop.py PROTO named                  prints a message with each field set by its name
"""

import os
import random
import struct
import sys
import tempfile

import grpc_tools
from grpc_tools import protoc


def load(folder, out):
    include = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")
    files = [name for name in sorted(os.listdir(folder)) if name.endswith(".proto")]
    arguments = ["protoc", f"-I{folder}", f"-I{include}", f"--python_out={out}", *files]
    if protoc.main(arguments) != 0:
        sys.exit("protoc failed")
    sys.path.insert(0, out)
    import everything_pb2

    return everything_pb2


def scalar(source, field):
    kind = field.type
    if kind in (field.TYPE_DOUBLE, field.TYPE_FLOAT):
        # Exact in 32 bits, neither NaN nor the negative zero, which is equal to zero.
        value = struct.unpack("<f", struct.pack("<f", source.uniform(-1e9, 1e9)))[0]
        return source.choice([value, 0.5, float("inf"), 1.0])
    if kind == field.TYPE_BOOL:
        return source.random() < 0.5
    if kind == field.TYPE_STRING:
        return "".join(source.choice("aZ09 Họcbạ\n€😀") for _ in range(source.randrange(12)))
    if kind == field.TYPE_BYTES:
        return source.randbytes(source.randrange(12))
    if kind == field.TYPE_ENUM:
        return source.choice([value.number for value in field.enum_type.values] + [99, -1])
    signed = field.cpp_type in (field.CPPTYPE_INT32, field.CPPTYPE_INT64)
    bits = 32 if field.cpp_type in (field.CPPTYPE_INT32, field.CPPTYPE_UINT32) else 64
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return source.choice([low, high, source.randint(low, high), source.randrange(200)])


def fill(source, message, depth=0):
    for field in message.DESCRIPTOR.fields:
        if source.random() < 0.5:
            continue
        entry = field.message_type
        if entry is not None and entry.GetOptions().map_entry:
            key, value = entry.fields_by_name["key"], entry.fields_by_name["value"]
            for _ in range(source.randrange(4)):
                if value.message_type is not None:
                    fill(source, getattr(message, field.name)[scalar(source, key)], depth + 1)
                else:
                    getattr(message, field.name)[scalar(source, key)] = scalar(source, value)
        elif field.is_repeated:
            for _ in range(source.randrange(5)):
                if entry is not None:
                    fill(source, getattr(message, field.name).add(), depth + 1)
                else:
                    getattr(message, field.name).append(scalar(source, field))
        elif entry is not None:
            getattr(message, field.name).SetInParent()
            fill(source, getattr(message, field.name), depth + 1)
        else:
            setattr(message, field.name, scalar(source, field))
    return message


def named(module):
    m = module.Everything(
        double_value=1.5, float_value=2.5, int32_value=-3, int64_value=-4, uint32_value=5,
        uint64_value=6, sint32_value=-7, sint64_value=-8, fixed32_value=9, fixed64_value=10,
        sfixed32_value=-11, sfixed64_value=-12, bool_value=True, string_value="mười bốn",
        bytes_value=b"\0\xff", color=module.Everything.COLOR_NEGATIVE, outer=5,
        doubles=[21, 0], floats=[22, 0], int32s=[23, 0], int64s=[24, 0], uint32s=[25, 0],
        uint64s=[26, 0], sint32s=[-27, 0], sint64s=[-28, 0], fixed32s=[29, 0], fixed64s=[30, 0],
        sfixed32s=[-31, 0], sfixed64s=[-32, 0], bools=[True, False], strings=["34", ""],
        byte_strings=[b"35", b""], colors=[1, 36], unpacked=[38, 0], maybe_number=0,
        maybe_text="", maybe_data=b"", maybe_flag=False, maybe_color=0, maybe_real=0,
        labels={"b": "2", "a": "1"}, colors_by_flag={True: 1, False: 0},
        data_by_number={-54: b"54"}, reals_by_number={55: 5.5},
    )
    m.inner.text = "17"
    m.inner.innermost.depth = -17
    m.inner.innermost.notes.append("1000")
    m.inner.left = 0
    m.inners.add().right = "37"
    m.message.text = "46"
    m.maybe_inner.SetInParent()
    m.inners_by_number[-52].text = "52"
    return m


def main():
    with tempfile.TemporaryDirectory() as out:
        module = load(sys.argv[1], out)
    command, *rest = sys.argv[2:]
    if command == "named":
        print(named(module).SerializeToString().hex())
        return
    make = getattr(module, rest[0])
    if command == "make":
        source = random.Random(int(rest[1]))
        for _ in range(int(rest[2])):
            print(fill(source, make()).SerializeToString(deterministic=True).hex())
    elif command == "echo":
        for line in sys.stdin:
            print(make.FromString(bytes.fromhex(line)).SerializeToString().hex())
    elif command == "same":
        pairs = [line.rstrip("\n").split(" ") for line in sys.stdin]
        parsed = [[make.FromString(bytes.fromhex(text)) for text in pair] for pair in pairs]
        print(sum(first != second for first, second in parsed), len(parsed))


main()
