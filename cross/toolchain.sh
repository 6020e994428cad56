#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/toolchain.sh APT_STATE OUT: a compiler for static programs with musl, OUT/bin/{cc,ar,ranlib,nm,strip}, from Debian's
# compiler for $GNU and Debian's musl for $DEBIAN. The target comes from the environment (DEBIAN GNU MUSL ARCH_FLAGS PIE).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
state=$1 out=$2
mkdir -p "$out/bin" "$out/packages"

"$here/apt.sh" "$state" "$DEBIAN" update || echo "toolchain: some package lists are missing, see above" >&2
(cd "$out/packages" && "$here/apt.sh" "$state" "$DEBIAN" download "musl:$DEBIAN" "musl-dev:$DEBIAN" "linux-libc-dev:$DEBIAN")
for package in "$out"/packages/*.deb; do
  dpkg-deb -x "$package" "$out/root"
done
include=$out/root/usr/include/$MUSL lib=$out/root/usr/lib/$MUSL
# musl's package brings no kernel headers
for folder in linux asm-generic mtd scsi; do
  ln -sfn "../$folder" "$include/$folder"
done
ln -sfn "../$GNU/asm" "$include/asm"
# the package's link to the shared library is absolute and names a file of the machine it would be installed on
rm -f "$lib/libc.so"

# Debian's own specs for musl name absolute paths, and start files that are right for neither a static program at a
# fixed address nor one at a random address.
if [ -n "$PIE" ]; then
  code='-fPIE' link='-static -pie --no-dynamic-linker -z text' start=rcrt1.o begin=crtbeginS.o end=crtendS.o
else
  code='-fno-pie -no-pie -static' link='-static' start=crt1.o begin=crtbeginT.o end=crtend.o
fi
# each spec ends with an empty line
cat > "$out/musl.specs" <<END
%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem $include -isystem include%s %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem $include -isystem include%s

*link_libgcc:
-L$lib -L .%s

*libgcc:
libgcc.a%s libgcc_eh.a%s

*startfile:
$lib/$start $lib/crti.o $begin%s

*endfile:
$end%s $lib/crtn.o

*link:
-nostdlib $link -z noexecstack -z relro -z now --build-id=none

*esp_link:


*esp_options:


*esp_cpp_options:


END
cat > "$out/bin/cc" <<END
#!/bin/sh
exec $GNU-gcc $ARCH_FLAGS $code "\$@" -specs $out/musl.specs
END
chmod 755 "$out/bin/cc"
for tool in ar ranlib nm; do
  ln -sf "$(command -v "$GNU-gcc-$tool")" "$out/bin/$tool"
done
for tool in strip size readelf; do
  ln -sf "$(command -v "$GNU-$tool")" "$out/bin/$tool"
done
