# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Everything that is built goes to BUILD. Variables: CC, CROSS_COMPILE, CFLAGS, LDFLAGS, SANITIZE=address,undefined,
# TARGET (what the program calls its platform; for `make cross` and its kin a file of cross/), WERROR= (no -Werror),
# V=1 (show the commands).
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
SANITIZE ?=
CFLAGS ?= -O2 -g
WERROR ?= -Werror
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
AR := $(CROSS_COMPILE)ar
PKG_CONFIG ?= $(CROSS_COMPILE)pkg-config
ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-6s %s\n'
endif

VERSION := $(shell cat VERSION)
# asked once, and only when something is compiled: on a bare machine the answers come after `deps`
once = $(eval $(1) := $(2))$($(1))
MACHINE = $(call once,MACHINE,$(shell $(CC) -dumpmachine))
ARCH = $(patsubst x86_64,amd64,$(patsubst aarch64,arm64,$(patsubst i%86,i386,$(firstword $(subst -, ,$(MACHINE))))))
TARGET ?= $(ARCH)-$(if $(findstring musl,$(MACHINE)),musl,glibc)
LIBRARIES := libmicrohttpd blkid
TEST_LIBRARIES := check json-c
PACKAGE_CFLAGS = $(call once,PACKAGE_CFLAGS,$(shell $(PKG_CONFIG) --cflags $(LIBRARIES)))
PACKAGE_LIBS = $(call once,PACKAGE_LIBS,$(shell $(PKG_CONFIG) --libs $(LIBRARIES)))
CHECK_CFLAGS = $(call once,CHECK_CFLAGS,$(shell $(PKG_CONFIG) --cflags $(TEST_LIBRARIES)))
CHECK_LIBS = $(call once,CHECK_LIBS,$(shell $(PKG_CONFIG) --libs $(TEST_LIBRARIES)))

WARNINGS := -Wall -Wextra -Wshadow -Wmissing-declarations -Wstrict-prototypes -Wconversion -Wno-sign-conversion $(WERROR)
SANITIZE_FLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
COMPILE = $(CC) -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DNASREADY_VERSION='"$(VERSION)"' \
	-DNASREADY_TARGET='"$(TARGET)"' $(WARNINGS) -I. -Iagent $(PACKAGE_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(SANITIZE_FLAGS)
LINK = $(CC) $(CFLAGS) $(SANITIZE_FLAGS) $(LDFLAGS)

SOURCES := $(sort $(wildcard agent/*/*.c agent/*.c common/*.c))
SUITES := $(sort $(patsubst tests/unit/check_%.c,%,$(filter-out %/check_main.c,$(wildcard tests/unit/check_*.c))))
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/assets.o
UNIT_OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard tests/unit/*.c)))
LIBRARY := $(BUILD)/obj/libnasready.a
PROGRAM := $(BUILD)/nasready
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
UNIT := $(BUILD)/check/unit
C_FILES := $(sort $(wildcard agent/*/*.[ch] agent/*.[ch] common/*.[ch] tests/unit/*.[ch] tests/live/*.[ch] tests/fuzz/*.[ch] gate/*.[ch]))
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
SUBMAKE = +@$(MAKE) --no-print-directory $(JOBS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help all run check unit words golden golden-update http live fuzz fuzzers layers bench box box-arm926 guest \
	windows page-check format-check format clean install deps cross cross-check size size-record package package-check release-check FORCE

help: ## this list
	@printf 'nasready %s\n\n' '$(VERSION)'
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 23

include gate/gate.mk

all: $(PROGRAM) $(GATE_SO) ## builds the program, build/nasready

run: ## installs what is missing, builds, runs the agent on this machine; Ctrl+C ends it
	@tests/deps.sh build
	$(SUBMAKE) all
	@mkdir -p $(BUILD)/run
	@[ "$$(id -u)" = 0 ] || set -- sudo; exec "$$@" $(PROGRAM) serve --state-dir $(BUILD)/run --credentials $(BUILD)/run/nasready.passwd

check: ## all tests, with gcc, clang and the sanitizers; installs what they need
	@tests/deps.sh build test
	$(SUBMAKE) layers format-check
	$(SUBMAKE) all unit
	$(SUBMAKE) unit CC=clang BUILD=$(BUILD)/clang
	$(SUBMAKE) unit CC=clang BUILD=$(BUILD)/sanitized SANITIZE=address,undefined
	$(SUBMAKE) golden
	$(SUBMAKE) http
	$(SUBMAKE) live LIVE='journal machine metrics nonroot hang processes reload allocation'
	@echo 'make check: all passed'

unit: $(UNIT) ## unit tests; SUITE=name runs one
	@echo '== unit tests, $(notdir $(CC))$(if $(SANITIZE), with $(SANITIZE))'
	$(Q)$(if $(SANITIZE),CK_FORK=no) $(UNIT) $(SUITE)

golden: $(PROGRAM) ## recorded machines and timelines against their expected JSON
	$(Q)NASREADY=$(PROGRAM) BUILD=$(BUILD) tests/golden.sh
	$(Q)NASREADY=$(PROGRAM) tests/words.sh
	$(Q)NASREADY=$(PROGRAM) tests/record_test.sh

golden-update: $(PROGRAM) ## writes the expected JSON anew; read the diff
	$(Q)NASREADY=$(PROGRAM) BUILD=$(BUILD) tests/golden.sh --update

words: $(PROGRAM) ## man page, completion and sample configuration, anew from the program's own words
	$(Q)NASREADY=$(PROGRAM) packaging/generate.sh packaging

http: $(PROGRAM) ## the running agent over HTTP: every route, bad and slow requests
	$(Q)NASREADY=$(PROGRAM) BUILD=$(BUILD) tests/http.sh $(PROGRAM)

live: $(PROGRAM) ## real volumes, Samba, NUT; needs root, ten minutes; LIVE="journal hang" runs some
	@if [ ! -e tests/live/run.sh ]; then echo 'live tests skipped: tests/live/run.sh is missing'; \
	elif [ "$$(id -u)" != 0 ]; then echo 'live tests skipped: not root'; \
	elif [ ! -e /dev/loop-control ]; then echo 'live tests skipped: no loop devices'; \
	else NASREADY=$(PROGRAM) BUILD=$(BUILD) tests/live/run.sh $(LIVE); fi

crash: $(PROGRAM) ## kill -9 and power cuts at random points of jobs; needs root; KILLS=300 CUTS=100 for all
	@tests/deps.sh test disks
	$(Q)python3 tests/crash/run.py $(PROGRAM) --kills $(or $(KILLS),24) --cuts $(or $(CUTS),16)

page-check: $(PROGRAM) ## the page in a browser (Chromium); screenshots in build/page
	@tests/deps.sh build page
	$(Q)[ -d tests/page/node_modules ] || npm ci --prefix tests/page
	$(Q)NASREADY=$(PROGRAM) OUT=$(BUILD)/page node --test --test-concurrency=1 tests/page/*.test.mjs

windows: $(PROGRAM) ## the PowerShell module under PowerShell 7 (dotnet SDK); PARTS="syntax backup" runs some
	@tests/deps.sh build test
	$(Q)NASREADY=$(PROGRAM) BUILD=$(BUILD) tests/windows/run.sh $(PARTS)

bench: ## what an answer costs beside other agents, on this machine; writes docs/bench.md; 8 minutes
	@tests/deps.sh build bench
	$(SUBMAKE) all
	@[ "$$(id -u)" = 0 ] || set -- sudo; exec "$$@" python3 tests/bench/run.py --out docs/bench.md $(PROGRAM) \
		$(wildcard $(BUILD)/amd64-musl/nasready)
	$(SUBMAKE) bench-disks bench-gate

bench-gate: $(PROGRAM) $(GATE_SO) ## what the gate costs; writes docs/bench-gate.md; needs root
	@tests/deps.sh test
	$(Q)unshare --mount python3 tests/bench/gate.py --out docs/bench-gate.md $(PROGRAM) \
		$(wildcard $(BUILD)/amd64-musl/nasready)

prediction: $(PROGRAM) ## what allocations of 5.4 TiB volumes take, against the plan; needs root, ten minutes
	$(Q)unshare --mount python3 tests/bench/prediction.py $(PROGRAM)

bench-disks: $(PROGRAM) ## what creating a disk costs, and whom it disturbs; writes docs/bench-disks.md; needs root
	@tests/deps.sh test
	$(Q)python3 tests/bench/disks.py --out docs/bench-disks.md $(PROGRAM)

fuzz: ## fuzzers for whatever others wrote; FUZZ_S=600 seconds in all, FUZZ="size text" only those
	@tests/deps.sh build test
	$(SUBMAKE) fuzzers CC=clang BUILD=$(BUILD)/fuzz SANITIZE=fuzzer-no-link,address,undefined \
		CFLAGS="$(CFLAGS) -ftrivial-auto-var-init=pattern" # what was never set shows at once
	$(Q)BUILD=$(BUILD)/fuzz tests/fuzz/run.sh

fuzzers: $(FUZZERS)

cross: ## a static program for TARGET=armv5-musl (or another of cross/): build/TARGET/nasready
	@tests/deps.sh build cross
	+@$(MAKE) --no-print-directory -f cross/cross.mk program

cross-check: ## builds for TARGET, verifies the binary's promises, runs it in an emulator
	@tests/deps.sh build test cross
	+@$(MAKE) --no-print-directory -f cross/cross.mk check

box: ## an ARM NAS in an emulator: 256 MB, the add-on, the system calls of 2.6.31; PARTS="filter gate" runs some
	@tests/deps.sh build test cross box
	+@$(MAKE) --no-print-directory -f cross/cross.mk TARGET=armv5-musl BOARD=rpi box

box-arm926: ## the same on the NAS's processor family, with a kernel of our own (its first build takes ten minutes)
	@tests/deps.sh build test cross arm926
	+@BOX_LEAVE_OUT= $(MAKE) --no-print-directory -f cross/cross.mk TARGET=armv5-musl BOARD=arm926 box
	+@ICOUNT=1 BOX_SIZES_GIB='1024 2048 4096' BOX_PATIENCE_S=1800 $(MAKE) --no-print-directory -f cross/cross.mk \
		TARGET=armv5-musl BOARD=arm926 PARTS='addon volume memory allocation' box

guest: ## Debian under systemd in an emulator, the .deb in it: RAID, quota, a reboot; PARTS="package raid" runs some
	@tests/deps.sh build test cross guest
	+@$(MAKE) --no-print-directory -f cross/cross.mk TARGET=amd64-musl guest

size: ## what each module adds to the program for TARGET, and how it differs from main; size-record notes that
size size-record:
	@tests/deps.sh build cross
	+@$(MAKE) --no-print-directory -f cross/cross.mk $@

package: ## the add-on, .deb and tarball for four processors: build/packages
	@tests/deps.sh build cross package
	+@$(MAKE) --no-print-directory -f packaging/package.mk package

package-check: ## their checkers; the add-on's scripts in a false root, the .deb in clean Debian roots; needs root
	@tests/deps.sh build test cross package
	$(SUBMAKE) all
	+@$(MAKE) --no-print-directory -f packaging/package.mk check

release-check: ## what CI leaves out: packages, boxes, all live tests, kills, fuzzing; three hours; STEPS="box guest" for some
	@tests/release.sh $(STEPS)

layers: ## direction of includes, system files only through the root handle, sizes
	$(Q)tests/layers.sh
	$(Q)tests/layers_test.sh

format-check: ## clang-format has nothing to change
	$(Q)clang-format --dry-run -Werror $(C_FILES) && echo 'format: $(words $(C_FILES)) files as clang-format wants them'

format: ## lets clang-format change the C files
	$(Q)clang-format -i $(C_FILES)

clean: ## removes build/
	rm -rf $(BUILD)

install: $(PROGRAM) ## to DESTDIR and PREFIX (/usr/local)
	install -D -m 0755 $(PROGRAM) $(DESTDIR)$(PREFIX)/sbin/nasready

deps: ## installs the packages for building and testing (Debian)
	@tests/deps.sh build test

$(PROGRAM): $(BUILD)/obj/agent/main.o $(LIBRARY)
	$(say) LINK $@
	$(Q)$(LINK) -o $@ $^ $(PACKAGE_LIBS) $(LDLIBS)

$(LIBRARY): $(filter-out %/agent/main.o,$(OBJECTS))
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(UNIT): $(UNIT_OBJECTS) $(LIBRARY)
	$(say) LINK $@
	$(Q)$(LINK) -o $@ $^ $(CHECK_LIBS) $(PACKAGE_LIBS) $(LDLIBS)

$(FUZZERS): $(BUILD)/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/fuzz.o $(LIBRARY)
	$(say) LINK $@
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(CHECK_LIBS) $(PACKAGE_LIBS) $(LDLIBS)

$(BUILD)/obj/assets.o: $(BUILD)/obj/assets.c $(BUILD)/obj/flags
	$(say) CC $<
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/obj/assets.c: $(wildcard page/*.*) | page/node_modules
	@mkdir -p $(@D)
	$(say) EMBED page/
	$(Q)page/embed.sh $@

# fetched once; page/embed.sh notices when it is of another version than the lock file says
page/node_modules:
	@command -v npm >/dev/null || { echo 'page: npm is missing, which fetches uPlot for the plots (make deps)' >&2; exit 1; }
	$(say) NPM $@
	$(Q)npm ci --prefix page >/dev/null

$(BUILD)/obj/tests/%.o: tests/%.c $(BUILD)/obj/flags $(BUILD)/check/suites.h
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(COMPILE) $(CHECK_CFLAGS) -I$(BUILD)/check -MMD -MP -c -o $@ $<

$(BUILD)/obj/%.o: %.c $(BUILD)/obj/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# Both files change only when what they say does: other flags or another list of sources build anew, nothing else.
$(BUILD)/obj/flags: export FLAGS_TEXT = $(COMPILE) $(LINK) $(OBJECTS) $(UNIT_OBJECTS)
$(BUILD)/obj/flags: FORCE
	@mkdir -p $(@D); printf '%s\n' "$$FLAGS_TEXT" > $@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/check/suites.h: FORCE
	@mkdir -p $(@D); printf 'SUITE(%s)\n' $(SUITES) > $@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@

-include $(OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d) $(wildcard $(BUILD)/obj/tests/fuzz/*.d)
