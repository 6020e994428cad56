# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# NAS and boards with an ARMv7 (Cortex-A9 and later).
DEBIAN := armhf
GNU := arm-linux-gnueabihf
MUSL := arm-linux-musleabihf
ARCH_FLAGS := -march=armv7-a+fp -mfloat-abi=hard -mthumb
PIE := yes
RUNNER := qemu-arm-static -cpu cortex-a9
SIZE_LIMIT := 589824
