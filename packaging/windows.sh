#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# packaging/windows.sh VERSION OUT.zip: the PowerShell module. The same input gives the same bytes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$(dirname "$2")"
python3 - "$here/windows/NasReady" "$2" "${SOURCE_DATE_EPOCH:?}" <<'END'
import pathlib, sys, time, zipfile
folder, out, epoch = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for path in sorted(p for p in folder.rglob('*') if p.is_file()):
        entry = zipfile.ZipInfo(str(path.relative_to(folder.parent)), time.gmtime(epoch)[:6])
        entry.external_attr, entry.create_system, entry.compress_type = 0o100644 << 16, 3, zipfile.ZIP_DEFLATED
        archive.writestr(entry, path.read_bytes())
END
