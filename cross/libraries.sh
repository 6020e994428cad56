#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/libraries.sh SOURCES OUT: libmicrohttpd (no TLS, with digest), json-c, libblkid and Check as static archives in
# OUT/lib, with the compiler that toolchain.sh left in OUT/bin. CODE_FLAGS: how code is compiled. One log each, OUT/log.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sources=$1 out=$2
jobs=$(nproc)
host=$MUSL
export CC="$out/bin/cc" AR="$out/bin/ar" RANLIB="$out/bin/ranlib" NM="$out/bin/nm" STRIP="$out/bin/strip"
mkdir -p "$out/log" "$out/lib" "$out/include"

# configured OPTION...: autoconf, in the current directory. A cross build cannot run what configure would try.
configured() {
  folder=$1
  shift
  "$folder/configure" --host="$host" --prefix="$out" --disable-shared --enable-static --disable-nls \
    --disable-dependency-tracking CFLAGS="$CODE_FLAGS" "$@"
}

cmaked() {
  folder=$1
  shift
  cmake -G Ninja "$folder" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="${host%%-*}" -DCMAKE_C_COMPILER="$CC" \
    -DCMAKE_AR="$AR" -DCMAKE_RANLIB="$RANLIB" -DCMAKE_INSTALL_PREFIX="$out" -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="$CODE_FLAGS" -DBUILD_TESTING=OFF "$@"
}

# one event loop, no threads; its messages are 12 KB, and only strangers' requests cause them
build_libmicrohttpd() {
  "$here/trim.sh" libmicrohttpd "$sources"/libmicrohttpd-* source
  configured "$PWD/source" --disable-https --disable-curl --disable-doc --disable-examples --disable-tools \
    --disable-postprocessor --disable-httpupgrade --disable-sendfile --disable-bauth --disable-poll \
    --disable-messages --with-threads=none
  make -C src/include install
  make -j"$jobs" -C src/microhttpd install-libLTLIBRARIES
}

# musl cannot replace getrandom() where the kernel lacks it; /dev/urandom is there always
build_json_c() {
  cmaked "$sources"/json-c-* -DBUILD_SHARED_LIBS=OFF -DBUILD_STATIC_LIBS=ON -DDISABLE_WERROR=ON \
    -DDISABLE_EXTRA_LIBS=ON -DENABLE_THREADING=OFF -DHAVE_GETRANDOM=OFF
  ninja install
}

build_libblkid() {
  if [ -n "$LIBBLKID_KEEPS" ]; then
    "$here/trim.sh" libblkid "$sources"/util-linux-* source
  else
    ln -s "$sources"/util-linux-* source
  fi
  configured "$PWD/source" --disable-all-programs --enable-libblkid --disable-asan --disable-widechar \
    --disable-poman --disable-bash-completion --disable-makeinstall-chown --without-python --without-systemd \
    --without-udev --without-ncurses --without-ncursesw --without-tinfo --without-readline --without-econf
  make -j"$jobs" libblkid.la
  make install-usrlib_execLTLIBRARIES install-nodist_blkidincHEADERS
}

# has no install target that a cross build could run
build_check() {
  cmaked "$sources"/check-* -DCHECK_ENABLE_SUBUNIT=OFF
  ninja check
  cp src/libcheck.a "$out/lib/"
  cp src/check.h check_stdint.h "$out/include/"
}

# Most of the time goes into the four configure runs, which use one processor each.
for library in libmicrohttpd json_c libblkid check; do
  mkdir -p "$out/scratch/$library"
  (
    cd "$out/scratch/$library"
    started=$(date +%s)
    "build_$library"
    echo "$(($(date +%s) - started))" > seconds
  ) > "$out/log/$library" 2>&1 &
done
wait
failed=0
for library in libmicrohttpd json_c libblkid check; do
  if [ -e "$out/scratch/$library/seconds" ]; then
    echo "libraries: $library for $MUSL, $(cat "$out/scratch/$library/seconds") s"
  else
    tail -20 "$out/log/$library" >&2
    echo "libraries: $library could not be built; the whole story is in $out/log/$library" >&2
    failed=1
  fi
done
[ $failed = 0 ]
rm -rf "$out/scratch"
