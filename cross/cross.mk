# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# make -f cross/cross.mk TARGET=name program|unit|size|verify|check: what `make cross` and its kin do for one target. The
# compiler and the libraries are built once and kept in CACHE, outside the tree, under the digest of all that decides
# what they become.
BUILD ?= build
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/nasready
TARGETS := $(sort $(patsubst cross/%.mk,%,$(filter-out cross/cross.mk,$(wildcard cross/*.mk))))
ifeq ($(filter $(TARGET),$(TARGETS)),)
$(error TARGET=$(TARGET): make cross knows $(TARGETS))
endif
include cross/$(TARGET).mk
# -g costs the stripped program nothing and tells `make size` which file a symbol is from
# -fstack-protector guards functions with arrays of characters, -strong those with any array or pointer to a local
PROTECTOR ?= -fstack-protector-strong
CODE_FLAGS := -Os -g -flto -ffunction-sections -fdata-sections $(PROTECTOR)
# which of libblkid's tables the target needs; empty: all
LIBBLKID_KEEPS ?=
# what every program of the target is linked with, ahead of libgcc
EXTRA_START ?=
export TOOLS EXTRA_START LIBBLKID_KEEPS DEBIAN GNU MUSL ARCH_FLAGS PIE CODE_FLAGS RUNNER SIZE_LIMIT

RECIPE := cross/apt.sh cross/toolchain.sh cross/sources.sh cross/trim.sh cross/libraries.sh cross/sources.sha256 $(addprefix cross/,$(EXTRA_START))
DIGEST := $(shell { cat $(RECIPE) cross/$(TARGET).mk; echo '$(CODE_FLAGS)'; $(GNU)-gcc --version; } 2>/dev/null | sha256sum | cut -c1-12)
SOURCES_DIGEST := $(shell cat cross/sources.sh cross/sources.sha256 | sha256sum | cut -c1-12)
TOOLS := $(CACHE)/$(TARGET)-$(DIGEST)
SOURCES := $(CACHE)/sources-$(SOURCES_DIGEST)
OUT := $(BUILD)/$(TARGET)
KERNEL_HEADERS = -isystem $(TOOLS)/packages/usr/include -isystem $(TOOLS)/packages/usr/include/$(GNU)

# The unstripped program keeps what verify.sh and size.sh read. One partition: the smallest program, and the same one
# on any number of processors.
AGENT = +@$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) BUILD=$(OUT) TARGET=$(TARGET) \
	PROGRAM=$(OUT)/nasready.unstripped CC=$(TOOLS)/bin/cc AR=$(TOOLS)/bin/ar CFLAGS='$(CODE_FLAGS)' \
	GATE_CC=$(GNU)-gcc GATE_FLAGS='$(ARCH_FLAGS:-mthumb=-marm) $(KERNEL_HEADERS)' \
	LDFLAGS='-Wl,--gc-sections -flto-partition=one' \
	PACKAGE_CFLAGS='-isystem $(TOOLS)/include' \
	PACKAGE_LIBS='-L$(TOOLS)/lib -lmicrohttpd -lblkid' CHECK_CFLAGS='-isystem $(TOOLS)/include/json-c' \
	CHECK_LIBS='-L$(TOOLS)/lib -lcheck -ljson-c'

.PHONY: program unit size size-record verify check aligned box guest
.DEFAULT_GOAL := program

program: $(TOOLS)/complete
	$(AGENT) all
	@$(TOOLS)/bin/strip -s -R .comment -o $(OUT)/nasready.new $(OUT)/nasready.unstripped && mv $(OUT)/nasready.new $(OUT)/nasready
	@printf '%s: %s bytes, static, for %s\n' $(OUT)/nasready "$$(stat -c %s $(OUT)/nasready)" $(TARGET)

unit: $(TOOLS)/complete
	$(AGENT) $(OUT)/check/unit

size: program
	@cross/size.sh $(OUT)/nasready.unstripped cross/$(TARGET).size

# with each commit on main that changes them
size-record: program
	@cross/size.sh $(OUT)/nasready.unstripped > cross/$(TARGET).size

verify: program
	@cross/verify.sh $(TARGET) $(OUT)/nasready $(OUT)/nasready.unstripped

# under the emulator: the recorded machines, the unit tests, the running agent
check: verify unit $(if $(filter armv5-musl,$(TARGET)),aligned)
	@tests/cross/check.sh $(TARGET) $(OUT)

# An ARMv5 rotates what is read from an odd address, and its kernel says nothing: here the unit tests end at such an
# access, on the pointer's value, whatever the emulator forgives.
aligned: unit
	$(AGENT) $(OUT)/aligned/check/unit BUILD=$(OUT)/aligned CFLAGS='$(CODE_FLAGS) -fsanitize=alignment -fsanitize-undefined-trap-on-error'
	@CK_FORK=no $(RUNNER) $(OUT)/aligned/check/unit > $(OUT)/aligned/log 2>&1 && \
		echo "ok - no unaligned access in the unit tests: $$(tail -1 $(OUT)/aligned/log)" || { tail -20 $(OUT)/aligned/log; exit 1; }

# in an emulated machine: BOARD=rpi or arm926
box: export CACHE := $(CACHE)
box: program unit
	@tests/box/run.sh $(or $(BOARD),rpi) $(OUT) $(PARTS)

guest: export CACHE := $(CACHE)
guest: program
	@tests/guest/run.sh $(OUT) $(PARTS)

# Two builds at once wait for each other; one that was cut short is begun anew.
$(SOURCES)/complete:
	@mkdir -p $(CACHE)
	@exec 9> $(CACHE)/sources.lock && flock 9 && { [ -e $@ ] || { cross/sources.sh $(CACHE)/apt-source $(SOURCES) && touch $@; }; }

$(TOOLS)/complete: | $(SOURCES)/complete
	@exec 9> $(CACHE)/$(TARGET).lock && flock 9 && { [ -e $@ ] || { rm -rf $(TOOLS) && \
	cross/toolchain.sh $(CACHE)/apt-$(DEBIAN) $(SOURCES) $(TOOLS) && cross/libraries.sh $(SOURCES) $(TOOLS) && touch $@; }; }
