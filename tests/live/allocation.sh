# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: four allocations of 1 TB in a row on a sparse ext4 of 5.4 TiB, and their undoing, while
# somebody asks all the time. 5.4 TiB are 5937362789990 bytes.
# shellcheck shell=bash

big_bytes=$((5937362789990 / 4096 * 4096))
step_bytes=1000000000000
needed_kib=8000000 # the bitmaps of all groups are 190 MB, the journal is 1 GB
settle_s=15

big_make() {
  local free_kib
  free_kib=$(df -k --output=avail "$scratch" | tail -n 1)
  if [ "$free_kib" -lt "$needed_kib" ]; then
    skip "allocations: $scratch has $free_kib KiB free, the volume of 5.4 TiB may take $needed_kib (set TMPDIR)"
    return 1
  fi
  big=$scratch/mnt/big
  # bitmaps and inode tables are written only where they are used
  if ! volume_make "$big" "$big_bytes" noinit_itable \
    mkfs.ext4 -q -m 0 -L big -E lazy_itable_init=1,lazy_journal_init=1; then
    not_ok 'an ext4 of 5.4 TiB is made' "$(cat "$scratch/mkfs.log")"
    return 1
  fi
  big_file=$(losetup --noheadings --output BACK-FILE "$loop" | tr -d ' ')
  check "an ext4 of 5.4 TiB takes little room ($(big_kib) KiB)" [ "$(big_kib)" -lt 2000000 ]
}

big_kib() {
  du -k "$big_file" | cut -f 1
}

# in the background: "milliseconds state settled free rate" of the volume, twice a second
watch_big() {
  local now_ms
  while :; do
    if ask_status && find_volume "$big"; then
      look_at_clock
      echo "$now_ms $(of_volume '"\(.state) \(.settled) \(.free_bytes) \(.rate_bytes_per_s)"')" >> "$scratch/states"
    fi
    sleep 0.5
  done
}

# the watcher has files of its own, so that nobody else's questions disturb it
start_watching() {
  local shared=$scratch
  : > "$scratch/states"
  (
    scratch=$(mktemp -d "$shared/watch.XXXXXX")
    ln -s "$shared/states" "$scratch/states"
    watch_big
  ) &
  watcher=$!
  helpers+=("$watcher")
}

# first_state SINCE STATE: the first answer since then with that state; leaves its time in $seen_ms
first_state() {
  seen_ms=$(awk -v since="$1" -v state="$2" '$1 >= since && $2 == state { print $1; exit }' "$scratch/states")
  [ -n "$seen_ms" ]
}

# settled_since SINCE LOW HIGH: an answer since then that is settled and has that much free space; leaves its time
settled_since() {
  seen_ms=$(awk -v since="$1" -v low="$2" -v high="$3" \
    '$1 >= since && $2 == "idle" && $3 == "true" && $4 + 0 >= low && $4 + 0 <= high { print $1; exit }' \
    "$scratch/states")
  [ -n "$seen_ms" ]
}

seconds() {
  printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100))
}

# check_settles WHAT END_MS: the volume's free space is known by now, so old answers do not count
check_settles() {
  local seen_ms='' free_bytes
  look_at_space "$big"
  free_bytes=${space#* } free_bytes=${free_bytes%% *}
  # the free space of a file system in use moves by some blocks
  wait_until $((settle_s + 5)) settled_since "$2" $((free_bytes - 1000000000)) $((free_bytes + 1000000000)) || true
  if [ -n "$seen_ms" ] && [ $((seen_ms - $2)) -le $((settle_s * 1000)) ]; then
    ok "$1 the volume is settled within $settle_s s ($(seconds $((seen_ms - $2))) s)"
  else
    not_ok "$1 the volume is settled within $settle_s s" "${seen_ms:+it took $(seconds $((seen_ms - $2))) s}" \
      "$(tail -n 45 "$scratch/states")"
  fi
}

# allocate NUMBER
allocate() {
  local from_ms end_ms seen_ms=''
  look_at_clock
  from_ms=$now_ms
  fallocate -l $step_bytes "$big/step$1" || { not_ok "fallocate of 1 TB, number $1"; return; }
  look_at_clock
  end_ms=$now_ms
  # "right after" is one pass: 2 s, and the half second between two questions
  if wait_until 4 first_state "$from_ms" allocating; then
    ok "1 TB, number $1, shows as allocating ($(seconds $((seen_ms - from_ms))) s after its begin; it took \
$(seconds $((end_ms - from_ms))) s)"
  else
    not_ok "1 TB, number $1, shows as allocating" "fallocate took $(seconds $((end_ms - from_ms))) s" \
      "$(tail -n 15 "$scratch/states")"
  fi
  check_settles "after 1 TB, number $1," "$end_ms"
}

deallocate() {
  local from_ms end_ms seen_ms=''
  look_at_clock
  from_ms=$now_ms
  rm "$big"/step?
  look_at_clock
  end_ms=$now_ms
  check_settles 'after all were removed' "$end_ms"
  if first_state "$from_ms" freeing; then
    echo "# freeing was seen $(seconds $((seen_ms - from_ms))) s after the begin of rm, which took \
$(seconds $((end_ms - from_ms))) s"
  else
    echo "# freeing was not seen: rm took $(seconds $((end_ms - from_ms))) s"
  fi
}

initially_settled() {
  settled_since 0 0 $big_bytes
}

test_allocation() {
  local big big_file watcher seen_ms number
  big_make || return 0
  agent_start || return 0
  start_watching
  check 'the new volume is settled within 20 s' wait_until 20 initially_settled
  for number in 1 2 3 4; do
    allocate "$number"
  done
  deallocate
  expect_near free_bytes "$(stat -f -c '%f' "$big" | awk '{ printf "%.0f", $1 * 4096 }')" \
    "$(tail -n 1 "$scratch/states" | cut -d ' ' -f 4)" 1000000
  verdict 'all space is back'
  helper_kill "$watcher"
  echo "# the sparse file takes $(big_kib) KiB; $(wc -l < "$scratch/states") answers"
  agent_stop
  volume_unmount "$big"
}
