# What guard and init need of the system: constants, signals, waiting.
use strict;

# What constant.pm does. It, warnings.pm and Config.pm take two milliseconds to load, which a dyno's first line would
# wait for; "-w" does without warnings.pm.
sub constants {
    my %values = @_;
    no strict 'refs';
    for my $name (keys %values) { my $value = $values{$name}; *$name = sub () { $value } }
}

BEGIN { constants(HUP => 1, INT => 2, KILL => 9, USR1 => 10, USR2 => 12, PIPE => 13, TERM => 15, CHLD => 17) }
BEGIN { constants(WNOHANG => 1, SIG_BLOCK => 0, SIG_SETMASK => 2, SFD_FLAGS => 0x80800) }    # non-blocking, close-on-exec
BEGIN { constants(PR_SET_PDEATHSIG => 1, PR_SET_CHILD_SUBREAPER => 36) }
BEGIN { constants(O_RDWR => 2, F_SETFL => 4, O_NONBLOCK => 2048, CLOCK_MONOTONIC => 1) }

# System calls by number, as Perl's own modules for them are not installed everywhere.
my %calls = (
    62  => { prctl => 157, sigprocmask => 14,  signalfd => 289, setsid => 112, clock_gettime => 228 },    # x86-64
    183 => { prctl => 167, sigprocmask => 135, signalfd => 74,  setsid => 157, clock_gettime => 113 },    # AArch64
    243 => { prctl => 167, sigprocmask => 135, signalfd => 74,  setsid => 157, clock_gettime => 113 },    # RISC-V
);
my $calls = $calls{ machine() } or fail('this machine is not known to the guard');

# What Perl itself was compiled for, by the number in every ELF file.
sub machine {
    open my $perl, '<', '/proc/self/exe' or fail("/proc cannot be read: $!");
    read $perl, my $head, 20;
    return unpack 'x18 S', $head;
}

# The caller's own variables, no copies: some calls write into them.
sub call {
    my $name = shift;
    return syscall($calls->{$name}, @_);
}

# Seconds of a clock that nobody sets.
sub now {
    my $time = "\0" x 16;
    call(clock_gettime => CLOCK_MONOTONIC, $time);
    my ($seconds, $nanoseconds) = unpack 'q2', $time;
    return $seconds + $nanoseconds / 1e9;
}

# One write, shorter than what a socket takes at once: lines of several writers do not mix.
sub report { syswrite STDOUT, "$_[0]\n" }

sub fail { report("failed $_[0]"); exit 1 }

# Signals are blocked and read from a descriptor: Perl's handlers run late, and one that comes just before a
# wait begins would be noticed only after it.
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

# The numbers of all signals that have come.
sub read_signals {
    my ($handle) = @_;
    my @signals;
    while (sysread $handle, my $info, 128) { push @signals, unpack 'L', $info }
    return @signals;
}

# Waits until one of the handles can be read or written, at most so many seconds. Returns a function that tells
# of a handle whether it can.
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

# Whatever dynosim's own parent left open is no business of any dyno.
sub close_inherited {
    opendir my $open, '/proc/self/fd' or return;
    for my $fd (grep { /^\d+$/ && $_ > 2 && $_ != fileno $open } readdir $open) {
        close $_ for grep { open $_, '<&=', $fd } my $handle;
    }
}

1;
