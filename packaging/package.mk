# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# make -f packaging/package.mk package|check: everything that is handed out, in PACKAGES, from the static programs of
# `make cross`. The same commit gives the same bytes.
BUILD ?= build
PACKAGES := $(BUILD)/packages
VERSION := $(shell cat VERSION)
SOURCE_DATE_EPOCH ?= $(or $(shell git log -1 --format=%ct 2>/dev/null),$(shell stat -c %Y VERSION))
export SOURCE_DATE_EPOCH
# cross target, Debian's word for it
TARGETS := armv5-musl@armel armhf-musl@armhf arm64-musl@arm64 amd64-musl@amd64
target = $(firstword $(subst @, ,$(1)))
arch = $(lastword $(subst @, ,$(1)))
program = $(BUILD)/$(call target,$(1))/nasready
# what is built beside the program and belongs to it
extra = $(wildcard $(BUILD)/$(call target,$(1))/libnasready-gate.so)

# the add-on, in bytes
BIN_LIMIT := 331776
# of Debian, in which the .deb is tried: "bookworm:armhf" is one of another processor, under qemu-user
RELEASES ?= bookworm bullseye bookworm:armel bookworm:armhf bookworm:arm64

.PHONY: package check programs $(TARGETS)
.DEFAULT_GOAL := package

package: programs
	@rm -rf $(PACKAGES) && mkdir -p $(PACKAGES)
	@$(foreach t,$(TARGETS),packaging/debian/build.sh $(call program,$t) $(call arch,$t) $(VERSION) \
		$(PACKAGES)/nasready_$(VERSION)_$(call arch,$t).deb $(call extra,$t) && \
		packaging/tarball/build.sh $(call program,$t) $(VERSION) $(call target,$t) \
		$(PACKAGES)/nasready-$(VERSION)-$(call target,$t).tar.gz $(call extra,$t) &&) true
	@packaging/readynas/build.sh $(BUILD)/armv5-musl/nasready $(VERSION) $(PACKAGES)/nasready_$(VERSION).bin \
		$(call extra,armv5-musl@armel)
	@[ ! -d packaging/windows/NasReady ] || packaging/windows.sh $(VERSION) $(PACKAGES)/NasReady-$(VERSION).zip
	@cd $(PACKAGES) && sha256sum -- * > SHA256SUMS && ls -l | awk 'NR > 1 { printf "%9d  $(PACKAGES)/%s\n", $$5, $$9 }'

programs: $(TARGETS)

$(TARGETS):
	+@$(MAKE) --no-print-directory -f cross/cross.mk program TARGET=$(call target,$@)

check: package
	@packaging/readynas/verify $(PACKAGES)/nasready_$(VERSION).bin
	@[ "$$(stat -c %s $(PACKAGES)/nasready_$(VERSION).bin)" -le $(BIN_LIMIT) ] || { echo 'the add-on is too large' >&2; exit 1; }
	@tests/packaging/damaged.py $(PACKAGES)/nasready_$(VERSION).bin
	@tests/packaging/readynas.sh
	@tests/packaging/debian.sh $(PACKAGES) $(RELEASES)
