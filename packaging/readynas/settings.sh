# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# What build.sh, the header of the .bin and the scripts on the device have in common.
FRIENDLY=NasReady
TAG=NASREADY
MIN_RAIDIATOR=5.3.0
