#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/toolchain.sh APT_STATE SOURCES OUT: a compiler for static programs with musl, OUT/bin/{cc,ar,ranlib,nm,strip}, from
# Debian's compiler for $GNU, Debian's kernel headers for $DEBIAN and Debian's source of musl: its binary package is ARM
# code made for speed, 53 KB more in the program. The target comes from the environment (DEBIAN GNU MUSL ARCH_FLAGS PIE).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
state=$1 sources=$2 out=$3
mkdir -p "$out/bin" "$out/packages" "$out/log" "$out/scratch/musl"
include=$out/include lib=$out/lib

"$here/apt.sh" "$state" "$DEBIAN" update || echo "toolchain: some package lists are missing, see above" >&2
(cd "$out/packages" && "$here/apt.sh" "$state" "$DEBIAN" download "linux-libc-dev:$DEBIAN")
dpkg-deb -x "$out"/packages/linux-libc-dev_*.deb "$out/packages"

# Debian's own specs for musl name absolute paths, and start files that are right for neither a static program at a
# fixed address nor one at a random address.
if [ -n "$PIE" ]; then
  code='-fPIE' link='-static -pie --no-dynamic-linker -z text' start=rcrt1.o begin=crtbeginS.o end=crtendS.o
else
  code='-fno-pie -no-pie -static' link='-static' start=crt1.o begin=crtbeginT.o end=crtend.o
fi
started=$(date +%s)
"$here/trim.sh" musl "$sources"/musl-* "$out/scratch/musl-source"
(
  cd "$out/scratch/musl"
  CC="$GNU-gcc $ARCH_FLAGS ${code%-static}" CROSS_COMPILE="$GNU-" CFLAGS='-Os -g -ffunction-sections -fdata-sections' \
    ../musl-source/configure --target="$MUSL" --prefix="$out" --disable-shared --enable-optimize=size
  make -j"$(nproc)" install-libs install-headers
) > "$out/log/musl" 2>&1 || {
  tail -20 "$out/log/musl" | cut -c1-200 >&2
  echo "toolchain: musl could not be built; the whole story is in $out/log/musl" >&2
  exit 1
}
echo "toolchain: musl for $MUSL, $(($(date +%s) - started)) s"
extra=
if [ -n "$EXTRA_START" ]; then
  extra=$lib/extra.o
  # shellcheck disable=SC2086
  "$GNU-gcc" $ARCH_FLAGS -c -o "$extra" "$here/$EXTRA_START"
fi
for folder in linux asm-generic mtd; do
  ln -sfn "$out/packages/usr/include/$folder" "$include/$folder"
done
ln -sfn "$out/packages/usr/include/$GNU/asm" "$include/asm"

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
--start-group libgcc.a%s libgcc_eh.a%s -lc --end-group

*startfile:
$lib/$start $lib/crti.o $begin%s $extra

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
