#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/compose/disks.py FILE KIND: writes a VHDX that no tool here makes. By hand from the public [MS-VHDX], on purpose
# without the agent's own code, so that both can be wrong only in different ways. Kinds: the keys of KINDS below; `good`
# is what the others are spoilt from.
import struct
import sys
import uuid

MIB = 1 << 20
LOG, METADATA, BAT, PAYLOAD = MIB, 2 * MIB, 3 * MIB, 4 * MIB
TABLE = [0] * 256
for index in range(256):
    value = index
    for _ in range(8):
        value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    TABLE[index] = value


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def sealed(data):
    return data[:4] + struct.pack("<I", crc32c(data[:4] + bytes(4) + data[8:])) + data[8:]


def guid(text):
    return uuid.UUID(text).bytes_le


class Disk:
    """64 blocks of 1 MiB, the first eight in the file."""

    def __init__(self):
        self.blocks = {block: (6, PAYLOAD + block * MIB) for block in range(8)}
        self.parent = None
        self.log_guid = bytes(16)
        self.entries = []  # (place in the log, bytes)
        self.length = PAYLOAD + 8 * MIB
        self.edits = []  # (offset, bytes), last of all
        self.broken_header = self.broken_table = None

    def header(self, sequence):
        head = struct.pack("<4sIQ16s16s16sHHIQ", b"head", 0, sequence, b"F" * 16, b"D" * 16, self.log_guid, 0, 1, MIB, LOG)
        return sealed(head.ljust(4096, b"\0"))

    def regions(self):
        table = struct.pack("<4sIII", b"regi", 0, 2, 0)
        table += guid("2dc27766-f623-4200-9d64-115e9bfd4a08") + struct.pack("<QII", BAT, MIB, 1)
        table += guid("8b7ca206-4790-4b9a-b8fe-575f050f886e") + struct.pack("<QII", METADATA, MIB, 1)
        return sealed(table.ljust(65536, b"\0"))

    def locator(self):
        pairs = [("parent_linkage", "{44444444-4444-4444-4444-444444444444}"), ("relative_path", self.parent)]
        place = 20 + 12 * len(pairs)
        entries = text = b""
        for key, entry in pairs:
            key, entry = key.encode("utf-16-le"), entry.encode("utf-16-le")
            entries += struct.pack("<IIHH", place + len(text), place + len(text) + len(key), len(key), len(entry))
            text += key + entry
        return guid("b04aefb7-d19e-4a81-b789-25b8e9445913") + struct.pack("<HH", 0, len(pairs)) + entries + text

    def metadata(self):
        items = [("caa16737-fa36-4d43-b3b6-33f0aa44e76b", struct.pack("<II", MIB, 2 if self.parent else 0), 4),
                 ("2fa54224-cd1b-4876-b211-5dbed83bf4b8", struct.pack("<Q", 64 * MIB), 6),
                 ("beca12ab-b2e6-4523-93ef-c309e000c746", b"P" * 16, 6),
                 ("8141bf1d-a96f-4709-ba47-f233a8faab5f", struct.pack("<I", 512), 6),
                 ("cda348c7-445d-4471-9cc9-e9885251c556", struct.pack("<I", 4096), 6)]
        if self.parent:
            items.append(("a8d35f2d-b30b-454d-abf7-d3d84834ab0c", self.locator(), 4))
        table, values = struct.pack("<8sHH20x", b"metadata", 0, len(items)), b""
        for name, data, flags in items:
            table += guid(name) + struct.pack("<IIII", 65536 + len(values), len(data), flags, 0)
            values += data
        return table.ljust(65536, b"\0") + values

    def bat(self):
        ratio = (1 << 23) * 512 // MIB
        count = ratio + 1 if self.parent else 64
        table = bytearray(8 * count)
        for block, (state, offset) in self.blocks.items():
            struct.pack_into("<Q", table, 8 * block, offset | state)
        return bytes(table)

    def log_entry(self, place, sequence, tail, writes):
        """writes: (offset in the file, 4096 bytes)"""
        descriptors = sectors = b""
        for offset, data in writes:
            descriptors += struct.pack("<4s4s8sQQ", b"desc", data[4092:], data[:8], offset, sequence)
            sectors += struct.pack("<4sI", b"data", sequence >> 32) + data[8:4092] + struct.pack("<I", sequence & 0xFFFFFFFF)
        length = 4096 + len(sectors)
        head = struct.pack("<4sIIIQII16sQQ", b"loge", 0, length, tail, sequence, len(writes), 0, self.log_guid, self.length,
                           self.length)
        self.entries.append((place, sealed((head + descriptors).ljust(4096, b"\0") + sectors)))

    def dirty(self):
        """one more block, which only the log knows"""
        self.log_guid = b"L" * 16
        table = bytearray(self.bat().ljust(4096, b"\0"))
        struct.pack_into("<Q", table, 8 * 8, PAYLOAD + 8 * MIB | 6)
        self.length += MIB
        self.log_entry(0, 1, 0, [(BAT, bytes(table))])

    def write(self, path):
        pieces = [(0, b"vhdxfile" + "by hand".encode("utf-16-le")), (65536, self.header(1)), (131072, self.header(2)),
                  (196608, self.regions()), (262144, self.regions()), (METADATA, self.metadata()), (BAT, self.bat())]
        with open(path, "wb") as file:
            file.truncate(self.length)
            for place, data in self.entries:
                for at in range(0, len(data), 4096):
                    pieces.append((LOG + (place + at) % MIB, data[at:at + 4096]))
            for offset, data in pieces + self.edits:
                file.seek(offset)
                file.write(data)


def differencing(disk):
    disk.parent = "base.vhdx"
    disk.blocks = {0: (7, PAYLOAD), 4096: (6, PAYLOAD + MIB)}


def partial_without_bitmap(disk):
    differencing(disk)
    del disk.blocks[4096]


def dirty_over_the_end(disk):
    disk.dirty()
    (_, entry), = disk.entries
    disk.entries = []
    place = MIB - 4096
    table = bytearray(disk.bat().ljust(4096, b"\0"))
    struct.pack_into("<Q", table, 8 * 8, PAYLOAD + 8 * MIB | 6)
    disk.log_entry(place, 1, place, [(BAT, bytes(table))])


def torn(disk):
    disk.dirty()
    place, entry = disk.entries[0]
    disk.entries[0] = (place, entry[:5000] + b"x" + entry[5001:])


def overlap(disk):
    disk.blocks[5] = (6, PAYLOAD + 2 * MIB)


def beyond_end(disk):
    disk.blocks[20] = (6, PAYLOAD + 100 * MIB)


def in_metadata(disk):
    disk.blocks[20] = (6, METADATA)


KINDS = {
    "good": lambda disk: None,
    "differencing": differencing,
    "partial-without-bitmap": partial_without_bitmap,
    "dirty": Disk.dirty,
    "dirty-over-the-end": dirty_over_the_end,
    "torn": torn,
    "overlap": overlap,
    "beyond-end": beyond_end,
    "in-metadata": in_metadata,
    "one-header": lambda disk: disk.edits.append((131080, b"\xff")),
    "no-header": lambda disk: disk.edits.extend([(65544, b"\xff"), (131080, b"\xff")]),
    "one-table": lambda disk: disk.edits.append((196620, b"\xff")),
    "no-table": lambda disk: disk.edits.extend([(196620, b"\xff"), (262156, b"\xff")]),
    "no-metadata": lambda disk: disk.edits.append((METADATA, b"x")),
    "no-identifier": lambda disk: disk.edits.append((0, b"x")),
}


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in KINDS:
        sys.exit(f"usage: disks.py FILE {'|'.join(KINDS)}")
    disk = Disk()
    KINDS[sys.argv[2]](disk)
    disk.write(sys.argv[1])


main()
