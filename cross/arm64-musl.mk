# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# 64-bit ARM. Outlined atomics are off: their start-up code in libgcc asks glibc for the processor's abilities.
DEBIAN := arm64
GNU := aarch64-linux-gnu
MUSL := aarch64-linux-musl
ARCH_FLAGS := -march=armv8-a -mno-outline-atomics
PIE := yes
RUNNER := qemu-aarch64-static -cpu cortex-a53
SIZE_LIMIT := 851968
