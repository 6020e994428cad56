# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For generate.sh: the lines of `nasready words` as -v kind=commands|keys|completion|configuration.

# text for troff: backslashes, dashes that must stay dashes, a dot or quote that would begin a request
function troff(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  gsub(/'/, "\\(aq", text)
  sub(/^\./, "\\\\\\&.", text)
  return text
}

# the capitals of a value are what a person replaces
function value(text) {
  return text == "" ? "" : " \\fI" troff(text) "\\fR"
}

function paragraphs(text, parts, count, i) {
  count = split(text, parts, /\\n(\\n)?/)
  for (i = 1; i <= count; i++)
    print (i > 1 ? ".PP\n" : "") troff(parts[i])
}

function wrap(text, lead, width, count, words, i, line) {
  count = split(text, words, " ")
  line = lead
  for (i = 1; i <= count; i++) {
    if (length(line) + 1 + length(words[i]) > width && line != lead) {
      print line
      line = lead
    }
    line = line " " words[i]
  }
  print line
}

# how the shell completes a value
function completes(text) {
  if (text ~ /^(FILE|PATH)$/) return "file"
  if (text == "DIR") return "dir"
  if (text ~ /^[a-z]+(\|[a-z]+)+$/) { gsub(/\|/, " ", text); return "words:" text }
  return "none"
}

$1 == "command" && kind == "commands" {
  print ".SS " $2
  count = split($4, forms, /\\n/)
  if (!count) forms[count = 1] = ""
  for (i = 1; i <= count; i++)
    print (i > 1 ? ".br\n" : "") "\\fBnasready " $2 "\\fR" (forms[i] == "" ? "" : " " troff(forms[i]))
  print ".PP"
  paragraphs($5)
}
$1 == "option" && kind == "commands" { print ".TP\n\\fB" troff("--" $3) "\\fR" value($4); print troff($5) }
$1 == "key" && kind == "keys" {
  print ".TP\n\\fB" troff($2) "\\fR =" value($3)
  print troff($5) ($4 == "" ? "" : " [" troff($4) "]")
}

kind == "configuration" && !begun {
  begun = 1
  print "# nasready.conf: a line is `key = value`, # begins a comment. What stands here as a comment is what holds without"
  print "# it. `nasready serve --check-config --config FILE` names every error; SIGHUP makes a running agent read it again."
}
$1 == "key" && kind == "configuration" {
  print ""
  wrap($5 " (" $3 ")", "#", 110)
  print "#" $2 " =" ($4 == "" ? "" : " " $4)
}

$1 == "command" { names = names " " $2 }
$1 == "command" && $6 == "keys" { keyed = keyed " " $2 }
$1 == "option" { options[$2] = options[$2] " --" $3; if ($4 != "") by[completes($4)] = by[completes($4)] "|" $2 " --" $3 }
$1 == "key" { keys = keys " --" $2; if (keyed != "") key_by[completes($3)] = key_by[completes($3)] "|" " --" $2 }

END {
  if (kind != "completion") exit
  print "# SPDX-License-Identifier: MIT\n# SPDX-FileCopyrightText: 2026 the nasready authors"
  print "#\n# bash completion for nasready; packaging/generate.sh made it\n"
  print "_nasready() {\n  local command=${COMP_WORDS[1]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options="
  print "  COMPREPLY=()\n  if [ \"$COMP_CWORD\" = 1 ]; then"
  print "    mapfile -t COMPREPLY < <(compgen -W '" substr(names, 2) " help --help' -- \"$word\")\n    return\n  fi"
  print "  case \"$command $before\" in"
  for (how in by) {
    count = split(substr(by[how], 2), pairs, "|")
    for (i = 1; i <= count; i++) lines[how] = lines[how] "'" pairs[i] "' | "
  }
  for (how in key_by) {
    count = split(substr(key_by[how], 2), pairs, "|")
    for (i = 1; i <= count; i++) lines[how] = lines[how] "'" substr(keyed, 2) pairs[i] "' | "
  }
  order_count = split("file dir words none", order, " ")
  for (k = 1; k <= order_count; k++)
    for (how in lines) {
      if (index(how, order[k]) != 1) continue
      pattern = substr(lines[how], 1, length(lines[how]) - 3)
      action = how == "file" ? "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")" : how == "dir" ? \
        "mapfile -t COMPREPLY < <(compgen -d -- \"$word\")" : how == "none" ? ":" : \
        "mapfile -t COMPREPLY < <(compgen -W '" substr(how, 7) "' -- \"$word\")"
      print "    " pattern ")\n      " action "\n      return ;;"
    }
  print "  esac\n  case $command in"
  count = split(substr(names, 2), all, " ")
  for (i = 1; i <= count; i++)
    print "    " all[i] ") options='--help" options[all[i]] (index(keyed " ", " " all[i] " ") ? keys : "") "' ;;"
  print "  esac"
  print "  if [[ $word == -* || $command != inspect ]]; then"
  print "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")"
  print "  else\n    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n  fi\n}\ncomplete -o filenames -o bashdefault -F _nasready nasready"
}
