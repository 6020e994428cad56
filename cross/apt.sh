#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/apt.sh STATE source|ARCH APT-ARGUMENT...: apt-get with lists of its own under STATE, made from the machine's own
# sources of this Debian release. Nothing is installed: a foreign architecture on the machine itself would make its
# packages wait for each other's versions. Binary packages come without the security suite, which not every
# architecture has; headers and a C library's archive are all that is taken from them.
set -eu
state=$1 kind=$2
shift 2
. /etc/os-release
case $kind in
  source) type=deb-src arch=$(dpkg --print-architecture) suites="-updates -security" ;;
  *) type=deb arch=$kind suites=-updates ;;
esac
mkdir -p "$state/parts" "$state/lists/partial" "$state/archives/partial"
: > "$state/status"

pick='
  BEGIN {
    n = split(suites, endings, " "); wanted[codename] = wanted["stable"] = 1
    for (i = 1; i <= n; i++) wanted[codename endings[i]] = wanted["stable" endings[i]] = 1
  }'
for file in /etc/apt/sources.list.d/*.sources; do
  [ -e "$file" ] || continue
  awk -v RS= -v type="$type" -v codename="$VERSION_CODENAME" -v suites="$suites" "$pick"'
    {
      n = split($0, lines, "\n"); text = ""; deb = found = 0
      for (i = 1; i <= n; i++) {
        split(lines[i], words, /[ \t]+/)
        if (words[1] == "Types:") { deb = lines[i] ~ /[ \t]deb([ \t]|$)/; lines[i] = "Types: " type }
        if (words[1] == "Suites:") {
          line = "Suites:"
          for (w = 2; w in words; w++) if (words[w] in wanted) { line = line " " words[w]; found = 1 }
          lines[i] = line
        }
        if (words[1] == "Enabled:" && words[2] == "no") deb = 0
        if (words[1] == "Architectures:" || lines[i] ~ /^#/) continue
        text = text lines[i] "\n"
        delete words
      }
      if (deb && found) print text
    }' "$file"
done > "$state/parts/debian.sources"
cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
  awk -v type="$type" -v codename="$VERSION_CODENAME" -v suites="$suites" "$pick"'
    $1 == "deb" {
      suite = $2 ~ /^\[/ ? 0 : 3
      for (i = 2; !suite; i++) if ($i ~ /\]$/) suite = i + 2
      if (!($suite in wanted)) next
      gsub(/arch(itectures)?=[^] ]*/, ""); gsub(/\[ *\]/, "")
      $1 = type; print
    }' > "$state/parts/debian.list"

exec apt-get -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$state/parts" -o Dir::State="$state" \
  -o Dir::State::Lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state" \
  -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o Debug::NoLocking=1 -o APT::Sandbox::User= \
  -o Acquire::Languages=none -o APT::Get::Only-Source=1 "$@"
