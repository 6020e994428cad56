# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# libnasready-gate.so, for the Makefile and for cross.mk. It is linked with nothing, and may ask whatever C library
# smbd has for no more than the names in GATE_NAMES. Variables: GATE_CC, GATE_FLAGS (of the architecture), GATE_OUT.
GATE_CC ?= $(CC)
GATE_FLAGS ?=
GATE_OUT ?= $(BUILD)
GATE_SO := $(GATE_OUT)/libnasready-gate.so
GATE_NAMES := __errno_location|dlsym|environ|gnu_get_libc_version
# no sanitizer, no profile, no call of memset where a loop stands: there is no library that would have them
GATE_COMPILE := -O2 -g0 -std=c11 -ffreestanding -fno-builtin -fno-stack-protector -fvisibility=hidden -fPIC -I. \
	-Wall -Wextra -Wshadow -Wmissing-declarations -Wstrict-prototypes -Werror
GATE_LINK := -nostdlib -shared -Wl,-soname,libnasready-gate.so,-z,now,-z,relro,-z,noexecstack,--hash-style=both,-s

$(GATE_SO): gate/gate.c gate/syscalls.h common/gate_page.h common/limits.h gate/gate.mk
	@mkdir -p $(@D)
	$(say) GATE $@
	$(Q)$(GATE_CC) $(GATE_COMPILE) $(GATE_FLAGS) $(GATE_LINK) -o $@.new gate/gate.c
	$(Q)! nm -D --undefined-only $@.new | sed 's/.* //' | grep -vxE '$(GATE_NAMES)' || \
		{ echo 'gate: $@ needs more of a C library than it may' >&2; rm -f $@.new; exit 1; }
	$(Q)mv $@.new $@
