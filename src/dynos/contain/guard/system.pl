# System functions for guard and init: constants, signals, waiting.
use strict;

# Like constant.pm. It, warnings.pm and Config.pm take two milliseconds to load, which would delay a dyno's first line.
# "-w" replaces warnings.pm.
sub constants {
    my %values = @_;
    no strict 'refs';
    for my $name (keys %values) { my $value = $values{$name}; *$name = sub () { $value } }
}

BEGIN { constants(HUP => 1, INT => 2, KILL => 9, USR1 => 10, USR2 => 12, PIPE => 13, TERM => 15, CHLD => 17) }
BEGIN { constants(WNOHANG => 1, SIG_BLOCK => 0, SIG_SETMASK => 2, SFD_FLAGS => 0x80800) }    # non-blocking, close-on-exec
BEGIN { constants(PR_SET_PDEATHSIG => 1, PR_SET_CHILD_SUBREAPER => 36) }
BEGIN { constants(O_RDWR => 2, F_SETFL => 4, O_NONBLOCK => 2048, CLOCK_MONOTONIC => 1) }

# System calls by number, because Perl's modules for them are not installed everywhere.
my %generic = (
    prctl => 167, sigprocmask => 135, signalfd => 74, setsid => 157, clock_gettime => 113, mount => 40, unshare => 97,
    execve => 221,
);
my %calls = (
    62 => {                # x86-64
        prctl => 157, sigprocmask => 14, signalfd => 289, setsid => 112, clock_gettime => 228, mount => 165,
        unshare => 272, execve => 59,
    },
    183 => \%generic,    # AArch64
    243 => \%generic,    # RISC-V
);
my $calls = $calls{ machine() } or fail('this machine is not known to the guard');

# The machine that Perl was compiled for: the number in its ELF header.
sub machine {
    open my $perl, '<', '/proc/self/exe' or fail("/proc cannot be read: $!");
    read $perl, my $head, 20;
    return unpack 'x18 S', $head;
}

# Uses the caller's variables, not copies, because some calls write to them.
sub call {
    my $name = shift;
    return syscall($calls->{$name}, @_);
}

# Seconds of a monotonic clock.
sub now {
    my $time = "\0" x 16;
    call(clock_gettime => CLOCK_MONOTONIC, $time);
    my ($seconds, $nanoseconds) = unpack 'q2', $time;
    return $seconds + $nanoseconds / 1e9;
}

# A single short write, so that lines of several writers do not mix.
sub report { syswrite STDOUT, "$_[0]\n" }

sub fail { report("failed $_[0]"); exit 1 }

# Signals are blocked and read from a descriptor: Perl's handlers run late, and a signal just before a wait would be
# noticed only after it.
sub set_mask {
    my ($how, @signals) = @_;
    my $mask = 0;
    $mask |= 1 << ($_ - 1) for @signals;
    call(sigprocmask => $how, pack('Q', $mask), 0, 8);
    return pack 'Q', $mask;
}

sub signal_fd {
    my $mask = set_mask(SIG_BLOCK, HUP, INT, USR1, USR2, TERM, CHLD);
    my $fd   = call(signalfd => -1, $mask, 8, SFD_FLAGS);
    $fd >= 0 && open my $handle, '<&=', $fd or fail("signalfd: $!");
    return $handle;
}

# The numbers of all signals received.
sub read_signals {
    my ($handle) = @_;
    my @signals;
    while (sysread $handle, my $info, 128) { push @signals, unpack 'L', $info }
    return @signals;
}

# Waits until one of the handles can be read or written, or the given number of seconds has passed. Returns a function
# that tells whether a handle is ready.
sub wait_for {
    my ($seconds, $reading, $writing) = @_;
    my ($readable, $writable) = (bits(@$reading), bits(@{ $writing // [] }));
    my $count = select $readable, $writable, undef, $seconds;
    return sub {
        my ($handle) = @_;
        return $count > 0 && (vec($readable, fileno $handle, 1) || vec($writable, fileno $handle, 1));
    };
}

sub bits {
    my $bits = '';
    vec($bits, fileno $_, 1) = 1 for @_;
    return $bits;
}

# Closes descriptors that dynosim inherited, so that no dyno gets them.
sub close_inherited {
    opendir my $open, '/proc/self/fd' or return;
    for my $fd (grep { /^\d+$/ && $_ > 2 && $_ != fileno $open } readdir $open) {
        close $_ for grep { open $_, '<&=', $fd } my $handle;
    }
}

1;
