# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# packaging/readynas/report.sh, behind the filter: it ends, has every section, and gives nothing away.
# shellcheck shell=bash

test_report() {
  local code=0 sections
  timeout 120 $only_2631 /bin/sh report.sh $out/report.txt > $out/report.log 2>&1 || code=$?
  expect code 0 $code
  sections=$(grep -c "^ask '" report.sh)
  expect sections $sections "$(grep -c '^== ' $out/report.txt)"
  expect version 'nasready (armv5-musl)' "$(sed -n '/^nasready [0-9]/{s/ [0-9.]*//p;q}' $out/report.txt)"
  expect processes 2 "$(grep -c '^Uid:' $out/report.txt)"
  expect wrong "" "$(grep -iE "nasready: .*(unknown|what is)|syntax error" $out/report.txt | head -n 3)"
  expect addresses 0 "$(grep -cE '(^|[^0-9a-fx])[0-9a-f]{2}(:[0-9a-f]{2}){5}' $out/report.txt)"
  verdict 'report.sh'
  sed -n '/^== who started it/,/^== how long/p' $out/report.txt | cut -c1-160 | sed 's/^/# | /'
}
