# Pseudo-terminals.
use strict;

BEGIN { constants(TIOCGPTN => 0x80045430, TIOCSPTLCK => 0x40045431, TIOCSWINSZ => 0x5414) }

# A new pseudo-terminal of so many columns and rows: the side of who watches it.
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

# The other side: for a process that leads a new session it becomes its terminal.
sub open_slave {
    my ($master) = @_;
    my $number = pack 'i', 0;
    ioctl $master, TIOCGPTN, $number or return;
    sysopen my $slave, '/dev/pts/' . unpack('i', $number), O_RDWR or return;
    return $slave;
}

# ---- carrying bytes between a terminal and the pipes of who watches it ----

BEGIN { constants(PIECE => 65536, EAGAIN => 11) }

# A flow takes what can be read on one handle to another one, and holds no more than a piece of it.
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
        # The end, or an error that is not just "nothing now": a terminal without users says EIO.
        $flow->{over} = 1 if defined $got ? !$got : $! != EAGAIN;
    }
    return if !wants_to_write($flow);
    my $put = syswrite $flow->{to}, $flow->{held};
    if    (defined $put)  { substr($flow->{held}, 0, $put) = '' }
    elsif ($! != EAGAIN)  { $flow->{held} = ''; $flow->{over} = 1 }
}

1;
