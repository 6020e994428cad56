# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Any 64-bit Intel or AMD NAS, whatever its C library.
DEBIAN := amd64
GNU := x86_64-linux-gnu
MUSL := x86_64-linux-musl
ARCH_FLAGS :=
PIE := yes
RUNNER :=
SIZE_LIMIT := 786432
