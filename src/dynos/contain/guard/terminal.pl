# Pseudo-terminals.
use strict;

BEGIN { constants(TIOCGPTN => 0x80045430, TIOCSPTLCK => 0x40045431, TIOCSWINSZ => 0x5414) }

# Opens a pseudo-terminal with a size, and returns its master side.
sub open_terminal {
    my ($columns, $rows) = @_;
    sysopen my $master, '/dev/ptmx', O_RDWR or return;
    my $unlocked = pack 'i', 0;
    ioctl $master, TIOCSPTLCK, $unlocked or return;
    resize_terminal($master, $columns, $rows);
    return $master;
}

sub resize_terminal {
    my ($master, $columns, $rows) = @_;
    my $size = pack 'S4', $rows, $columns, 0, 0;
    ioctl $master, TIOCSWINSZ, $size;
}

# Opens the slave side, which becomes the controlling terminal of a session leader.
sub open_slave {
    my ($master) = @_;
    my $number = pack 'i', 0;
    ioctl $master, TIOCGPTN, $number or return;
    sysopen my $slave, '/dev/pts/' . unpack('i', $number), O_RDWR or return;
    return $slave;
}

# ---- passing bytes between a terminal and dynosim's pipes ----

BEGIN { constants(PIECE => 65536, EAGAIN => 11) }

# A flow copies from one handle to another, and buffers at most one chunk.
sub new_flow {
    my ($from, $to) = @_;
    fcntl $_, F_SETFL, O_NONBLOCK for $from, $to;
    return { from => $from, to => $to, held => '', over => 0 };
}

sub wants_to_read  { my ($flow) = @_; return !$flow->{over} && length $flow->{held} < PIECE }
sub wants_to_write { my ($flow) = @_; return length $flow->{held} > 0 }

sub carry {
    my ($flow) = @_;
    if (wants_to_read($flow)) {
        my $got = sysread $flow->{from}, $flow->{held}, PIECE, length $flow->{held};
        # The end, or a real error: a terminal without users returns EIO.
        $flow->{over} = 1 if defined $got ? !$got : $! != EAGAIN;
    }
    return if !wants_to_write($flow);
    my $put = syswrite $flow->{to}, $flow->{held};
    if    (defined $put)  { substr($flow->{held}, 0, $put) = '' }
    elsif ($! != EAGAIN)  { $flow->{held} = ''; $flow->{over} = 1 }
}

1;
