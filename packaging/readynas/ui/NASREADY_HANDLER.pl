#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Answers FrontView's questions about this add-on. The firmware's library does what needs root.
use IO::Socket::INET;

do '/frontview/lib/cgi-lib.pl';
do '/frontview/lib/addon.pl';
%in = ();
ReadParse();
get_default_language_strings('NASREADY');

# what the agent says to "may a backup run now?", in one line
sub state_line {
  my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => 8439, Timeout => 2)
    or return 'nasready does not run';
  print $socket "GET /v1/ready HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
  my $reply = '';
  eval {
    local $SIG{ALRM} = sub { die };
    alarm 3;
    local $/;
    $reply = <$socket>;
    alarm 0;
  };
  my ($answer) = $reply =~ /"answer":\s*"([a-z]+)"/ or return 'nasready gives no answer';
  my ($message) = $reply =~ /"message":\s*"((?:[^"\\]|\\.)*)"/;
  my $line = $answer . (defined $message ? ": $message" : '');
  my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;');
  $line =~ s/([&<>])/$entity{$1}/g;
  return $line;
}

my $reply = '';
if ($in{OPERATION} eq 'get') {
  my $enable = GetServiceStatus('NASREADY') ? 'enabled' : 'disabled';
  $reply = '<payload><content><NASREADY_STATE><value>' . state_line() . "</value><enable>$enable</enable></NASREADY_STATE>"
    . '</content><warning>No Warnings</warning><error>No Errors</error></payload>';
} elsif ($in{OPERATION} eq 'set' && $in{command} eq 'RemoveAddOn') {
  $reply = Remove_Service_xml('NASREADY', $in{data});
} elsif ($in{OPERATION} eq 'set') {
  $reply = Toggle_Service_xml('NASREADY', $in{CHECKBOX_NASREADY_ENABLED});
}
print "Content-type: text/xml; charset=utf-8\n\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>$reply";
1;
