#!/usr/bin/perl
# An SMS centre on Net::SMPP (Debian: libnet-smpp-perl), for tests: the second implementation of the protocol that is not ours.
# It does what it is told on its standard input, in the language of lab/smsc/scripted.js, and ends when that closes.
use strict;
use warnings;
use Encode qw(decode encode);
use IO::Handle;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use Net::SMPP;

use constant {
    CMD_SUBMIT_SM => 0x00000004, CMD_BIND_RECEIVER => 0x00000001, CMD_BIND_TRANSMITTER => 0x00000002, CMD_BIND_TRANSCEIVER => 0x00000009,
    CMD_ENQUIRE_LINK => 0x00000015, CMD_UNBIND => 0x00000006, CMD_DELIVER_SM_RESP => 0x80000005,
};
my %STATUS = (refuse => 0x0000000B, throttle => 0x00000058);

# 3GPP TS 23.038 section 6.2.1, by septet.
my @GSM7 = split //, decode('UTF-8',
    "\@\xc2\xa3\$\xc2\xa5\xc3\xa8\xc3\xa9\xc3\xb9\xc3\xac\xc3\xb2\xc3\x87\n\xc3\x98\xc3\xb8\r\xc3\x85\xc3\xa5"
    . "\xce\x94_\xce\xa6\xce\x93\xce\x9b\xce\xa9\xce\xa0\xce\xa8\xce\xa3\xce\x98\xce\x9e\e\xc3\x86\xc3\xa6\xc3\x9f\xc3\x89"
    . " !\"#\xc2\xa4%&'()*+,-./0123456789:;<=>?\xc2\xa1ABCDEFGHIJKLMNOPQRSTUVWXYZ\xc3\x84\xc3\x96\xc3\x91\xc3\x9c\xc2\xa7"
    . "\xc2\xbfabcdefghijklmnopqrstuvwxyz\xc3\xa4\xc3\xb6\xc3\xb1\xc3\xbc\xc3\xa0");
my %EXTENSION = (0x0A => "\f", 0x14 => '^', 0x28 => '{', 0x29 => '}', 0x2F => '\\', 0x3C => '[', 0x3D => '~', 0x3E => ']', 0x40 => '|', 0x65 => "\x{20ac}");

my $json = JSON::PP->new->utf8->allow_nonref;
my ($afterwards, @next, @received, @silenced, %parts) = ('accept');
my ($port, $last_id, $listener, $bound) = (0, 0);
my %connections;
my %waiting;    # deliver_sm by connection and sequence number: the id of the command that wants to know how it went
my $select = IO::Select->new(\*STDIN);
STDOUT->autoflush(1);
binmode STDIN;

listen_again();
print "listening $port\n";
my $input = '';

while (1) {
    for my $ready ($select->can_read) {
        if ($ready == \*STDIN) {
            sysread(STDIN, $input, 65536, length $input) or exit 0;
            while ($input =~ s/^(.*)\n//) { command($json->decode($1)); }
        }
        elsif (defined $listener && $ready == $listener) {
            my $connection = $listener->accept or next;
            $connection->blocking(1);
            $connections{$connection} = $connection;
            $select->add($connection);
        }
        elsif (exists $connections{$ready}) {
            serve($ready);
        }
    }
}

sub listen_again {
    $listener = Net::SMPP->new_listen('127.0.0.1', smpp_version => 0x34, interface_version => 0x34, port => $port)
        or die "cannot listen: $!\n";
    $port = $listener->sockport;
    $select->add($listener);
}

sub answer {
    my ($id, $result) = @_;
    print "= $id ", $json->encode($result), "\n";
}

sub command {
    my ($command) = @_;
    my ($do, $id) = ($command->{do}, $command->{id});
    if ($do eq 'script') { $afterwards = $command->{afterwards}; @next = @{ $command->{next} }; }
    elsif ($do eq 'received') { return answer($id, \@received); }
    elsif ($do eq 'break-silence') { accept_message(@$_) for splice @silenced; }
    elsif ($do eq 'down') { $select->remove($listener); $listener->close; undef $listener; hang_up(); }
    elsif ($do eq 'up') { listen_again(); }
    elsif ($do eq 'receipt') {
        return deliver($id, source_addr => '33600000000', source_addr_ton => 1, source_addr_npi => 1, esm_class => 0x04, data_coding => 0,
            short_message => "id:$command->{message} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:$command->{state} err:000 text:");
    }
    elsif ($do eq 'reply') {
        (my $from = $command->{from}) =~ s/^\+//;
        return deliver($id, source_addr => $from, source_addr_ton => 1, source_addr_npi => 1, esm_class => 0, data_coding => 8,
            short_message => encode('UTF-16BE', $command->{text}));
    }
    else { die "no such command: $do\n"; }
    answer($id, undef);
}

sub deliver {
    my ($id, %fields) = @_;
    return answer($id, JSON::PP::false) unless $bound;
    my $sequence = $bound->deliver_sm(%fields, destination_addr => '38000', dest_addr_ton => 3, dest_addr_npi => 0, async => 1);
    $waiting{"$bound $sequence"} = $id;
}

sub serve {
    my ($connection) = @_;
    my $pdu = $connection->read_pdu;
    return close_connection($connection) unless defined $pdu;
    my ($command, @sequence) = ($pdu->{cmd}, seq => $pdu->{seq});
    if ($command == CMD_BIND_TRANSCEIVER || $command == CMD_BIND_RECEIVER || $command == CMD_BIND_TRANSMITTER) {
        $connection->set_version(0x34);
        $bound = $connection;
        $connection->bind_transceiver_resp(system_id => 'NETSMPP', @sequence) if $command == CMD_BIND_TRANSCEIVER;
        $connection->bind_receiver_resp(system_id => 'NETSMPP', @sequence) if $command == CMD_BIND_RECEIVER;
        $connection->bind_transmitter_resp(system_id => 'NETSMPP', @sequence) if $command == CMD_BIND_TRANSMITTER;
    }
    elsif ($command == CMD_SUBMIT_SM) { take($connection, $pdu); }
    elsif ($command == CMD_ENQUIRE_LINK) { $connection->enquire_link_resp(@sequence); }
    elsif ($command == CMD_UNBIND) { $connection->unbind_resp(@sequence); close_connection($connection); }
    elsif ($command == CMD_DELIVER_SM_RESP) {
        my $id = delete $waiting{"$connection $pdu->{seq}"};
        answer($id, $pdu->{status} == 0 ? JSON::PP::true : JSON::PP::false) if defined $id;
    }
}

sub take {
    my ($connection, $pdu) = @_;
    my $to = ($pdu->{dest_addr_ton} == 1 ? '+' : '') . $pdu->{destination_addr};
    push @received, { to => $to, text => text_of($pdu, $to) };
    my $answer = shift(@next) // $afterwards;
    if ($answer eq 'accept') { accept_message($connection, $pdu->{seq}); }
    elsif ($answer eq 'silence') { push @silenced, [$connection, $pdu->{seq}]; }
    elsif ($answer eq 'hang-up') { hang_up(); }
    else { $connection->submit_sm_resp(message_id => '', status => $STATUS{$answer}, seq => $pdu->{seq}); }
}

sub accept_message {
    my ($connection, $sequence) = @_;
    return unless exists $connections{$connection};
    $connection->submit_sm_resp(message_id => sprintf('%010d', ++$last_id), seq => $sequence);
}

# The whole text with its last part; undef with the parts before.
sub text_of {
    my ($pdu, $to) = @_;
    my $octets = $pdu->{short_message};
    my ($reference, $total, $number) = (0, 1, 1);
    if ($pdu->{esm_class} & 0x40) {
        my $header = substr($octets, 0, 1 + ord $octets, '');
        ($reference, $total, $number) = unpack 'x3 C C C', $header if $header =~ /^\x05\x00\x03/;
    }
    my $pieces = $parts{"$to $reference $total"} //= [];
    $pieces->[$number - 1] = $octets;
    return undef if grep { !defined $pieces->[$_] } 0 .. $total - 1;
    my $whole = join '', @{ delete $parts{"$to $reference $total"} };
    return $pdu->{data_coding} == 8 ? decode('UTF-16BE', $whole) : from_gsm7($whole);
}

sub from_gsm7 {
    my ($text, @septets) = ('', unpack 'C*', shift);
    while (@septets) {
        my $septet = shift @septets;
        $text .= $septet == 0x1B ? $EXTENSION{ shift(@septets) // 0 } // ' ' : $GSM7[$septet] // '?';
    }
    return $text;
}

sub hang_up { close_connection($_) for values %connections; }

sub close_connection {
    my ($connection) = @_;
    $select->remove($connection);
    delete $connections{$connection};
    undef $bound if defined $bound && $bound == $connection;
    for my $key (grep { index($_, "$connection ") == 0 } keys %waiting) { answer(delete $waiting{$key}, JSON::PP::false); }
    @silenced = grep { $_->[0] != $connection } @silenced;
    $connection->close;
}
