#!/usr/bin/perl
# The guard: starts the processes of dynos and sees to it that none outlives dynosim, not even if dynosim is
# killed by SIGKILL. Linux only. Why it exists, and why in Perl: docs/adr/0001-nothing-is-left-behind.md.
#
#   dynosim (Node) ── guard ─┬─ init of web.1 ─── bash -c '…' ─── the app's processes
#                            └─ init of worker.1 ─ …
#
# Every run of a dyno has an init of its own, a fork of the guard. It is a "child subreaper": a process whose
# parent dies (double fork, setsid, daemon) becomes its child, so nothing can leave its tree. The guard is
# one too, for the case that an init is killed.
#
# Orders arrive on stdin as frames: a 32-bit length, then fields, each with a 32-bit length of its own.
#   spawn ID NAME DIR ARGC ARG… VAR VALUE…    start a process tree
#   opened ID                                 the tree's output is being read
#   signal ID NUMBER                          to every process of the tree; 9 until nothing is left of it
#   watch ID PORT                             until something in the tree listens on the port
#   unwatch ID
# End of stdin means that dynosim is gone: every tree gets SIGTERM and, GRACE seconds later, SIGKILL.
#
# Events leave on stdout, a line each:
#   ready FD                         /proc/GUARD/fd/FD is a pipe: can the other side open it?
#   failed REASON
#   spawned ID INIT PID FD           /proc/GUARD/fd/FD is the pipe with the tree's output
#   listening ID ADDRESS…            on the watched port, in hexadecimal
#   blind ID                         this system does not tell who listens
#   exited ID STATUS                 every process of the tree is gone; STATUS of the first one, shell convention
use strict;
use warnings;
use Config;

use constant GRACE => 4;    # whole seconds, so that it takes 4 to 5
use constant { HUP => 1, INT => 2, KILL => 9, USR1 => 10, USR2 => 12, PIPE => 13, TERM => 15, CHLD => 17 };
use constant { WNOHANG => 1, SIG_BLOCK => 0, SIG_SETMASK => 2, SFD_FLAGS => 0x80800 };    # non-blocking, close-on-exec
use constant { AF_INET => 2, AF_INET6 => 10, AF_NETLINK => 16, SOCK_RAW => 3, NETLINK_SOCK_DIAG => 4, IPPROTO_TCP => 6 };
use constant { SOCK_DIAG_BY_FAMILY => 20, NLM_F_REQUEST_DUMP => 0x301, NLMSG_ERROR => 2, NLMSG_DONE => 3, TCP_LISTEN => 10 };
use constant { PR_SET_PDEATHSIG => 1, PR_SET_CHILD_SUBREAPER => 36 };

# System calls by number, as Perl's own modules for them are not installed everywhere.
my %calls = (
    x86_64  => { prctl => 157, sigprocmask => 14, signalfd => 289 },
    aarch64 => { prctl => 167, sigprocmask => 135, signalfd => 74 },
    riscv64 => { prctl => 167, sigprocmask => 135, signalfd => 74 },
);
my ($machine) = $Config{archname} =~ /^(\w+)/;
my $call = $calls{$machine} or report("failed this machine ($machine) is not known to the guard"), exit 1;

my $guard   = $$;
my $orphans = 0;     # processes that belong to no init any more are ended
my %inits;           # pid of an init => id of its run
my %outputs;         # id of a run => its output, held until the other side has opened it
my %watches;         # id of a run => the port it should listen on
my $looks = 0;       # at listening sockets since a watch began

main();

sub main {
    $0 = 'dynosim guard';
    close_inherited();
    set_mask(SIG_BLOCK, HUP, INT, USR1, USR2, PIPE, TERM, CHLD);
    syscall($call->{prctl}, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
        or report("failed this system has no child subreaper ($!)"), exit 1;
    -e "/proc/$$/task/$$/children" or report('failed this system does not list child processes'), exit 1;
    my $signals = signal_fd();
    pipe(my $probe, my $unused) or die "pipe: $!\n";
    report('ready ' . fileno $probe);

    my $input = '';
    my $open  = 1;
    while ($open or %inits or $orphans) {
        my %ready = wait_for(patience(), signals => $signals, $open ? (orders => \*STDIN) : ());
        # A signal to the guard itself ends what the end of dynosim ends; SIGINT of a terminal never gets here.
        my @asked = grep { $_ != CHLD && $_ != PIPE } $ready{signals} ? read_signals($signals) : ();
        if ($ready{orders} and !sysread(STDIN, $input, 65536, length $input) or @asked) {
            $open = 0;
            kill USR2, keys %inits;
        }
        while (defined(my $order = next_frame(\$input))) { obey($order, $signals) }
        reap_inits();
        look_at_ports() if %watches;
    }
}

# Looks often at first and then a little less so: a slow boot costs hardly any CPU, and none is noticed later
# than 8 ms after the bind.
sub patience {
    return 0.005 if $orphans;
    return undef if !%watches;
    return $looks < 600 ? 0.002 + $looks / 100_000 : 0.008;
}

sub obey {
    my ($order, $signals) = @_;
    my ($what, $id, @rest) = unpack '(N/a*)*', $order;
    if ($what eq 'spawn') {
        # Real pipes: /dev/stdout cannot be opened where stdout is one of Node's sockets.
        my $pid = pipe(my $output, my $stdout) ? fork : undef;
        return report("exited $id 126") if !defined $pid;
        be_init($id, $signals, $output, $stdout, @rest) if !$pid;
        $inits{$pid}  = $id;
        $outputs{$id} = $output;
    }
    elsif ($what eq 'opened')  { delete $outputs{$id} }
    elsif ($what eq 'watch')   { $watches{$id} = $rest[0]; $looks = 0 }
    elsif ($what eq 'unwatch') { delete $watches{$id} }
    elsif ($what eq 'signal') {
        my $init = init_of($id);
        # An init takes orders as signals: the one to forward, or USR1 for "leave nothing".
        kill $rest[0] == KILL ? USR1 : $rest[0], $init if $init;
    }
}

sub init_of { my ($id) = @_; return (grep { $inits{$_} eq $id } keys %inits)[0] }

sub reap_inits {
    while ((my $pid = waitpid -1, WNOHANG) > 0) {
        my $id = delete $inits{$pid} // next;
        delete $watches{$id};
        # An init that ends as it should has reported so itself. One that was killed leaves its tree to the guard.
        report("exited $id 137"), $orphans = 1 if $?;
    }
    $orphans = kill_tree(keys %inits) if $orphans;
}

# ---- who listens ----

sub look_at_ports {
    $looks++;
    my $sockets = listening_sockets();
    for my $id (keys %watches) {
        my $init = init_of($id) // next;
        if (!$sockets) { report("blind $id"); delete $watches{$id}; next }
        my $there = $sockets->{ $watches{$id} } or next;
        # The port is open. Only now is it worth looking whether it is this dyno that opened it.
        my $own = sockets_of(descendants($init));
        my @addresses = map { $_->{address} } grep { $own->{ $_->{inode} } } @$there;
        next if !@addresses;
        report("listening $id @addresses");
        delete $watches{$id};
    }
}

# Port => all sockets that listen on it, asked of the kernel by netlink (man 7 sock_diag): takes 20 microseconds.
# /proc/net/tcp says the same, but takes milliseconds, as the kernel then walks its table of all connections.
sub listening_sockets {
    socket my $netlink, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG or return;
    my %found;
    for my $family (AF_INET, AF_INET6) {
        # struct nlmsghdr, struct inet_diag_req_v2
        my $request = pack 'L S S L L C C x2 L x48', 72, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST_DUMP, 1, 0, $family, IPPROTO_TCP, 1 << TCP_LISTEN;
        send $netlink, $request, 0 or return;
        my $type = 0;
        while ($type != NLMSG_DONE) {
            defined recv $netlink, my $answer, 65536, 0 or return;
            while (length $answer >= 16 && $type != NLMSG_DONE) {
                (my $length, $type) = unpack 'L S', $answer;
                return if $type == NLMSG_ERROR;
                if ($type == SOCK_DIAG_BY_FAMILY) {
                    # struct inet_diag_msg
                    my ($port, $address, $inode) = unpack 'x16 x4 n x2 a16 x44 L', $answer;
                    $address = substr $address, 0, 4 if $family == AF_INET;
                    push @{ $found{$port} }, { address => unpack('H*', $address), inode => $inode };
                }
                $answer = substr $answer, $length + 3 & ~3;
            }
        }
    }
    return \%found;
}

# The inodes of all sockets that these processes hold.
sub sockets_of {
    my %inodes;
    for my $pid (@_) {
        opendir my $open, "/proc/$pid/fd" or next;
        for (readdir $open) { $inodes{$1} = 1 if (readlink "/proc/$pid/fd/$_" // '') =~ /^socket:\[(\d+)\]/ }
    }
    return \%inodes;
}

# ---- one run of a dyno: from here on in a process of its own ----

sub be_init {
    my ($id, $signals, $output, $stdout, $name, $dir, $argc, @rest) = @_;
    my @command = splice @rest, 0, $argc;
    $0 = "init of $name";
    open STDIN, '<', '/dev/null';
    syscall($call->{prctl}, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    # If the guard is killed, the kernel tells its inits.
    syscall($call->{prctl}, PR_SET_PDEATHSIG, USR2, 0, 0, 0);
    kill USR2, $$ if getppid != $guard;

    # Two ends are kept: the reading one of the output, so that the app never gets SIGPIPE, and the writing one
    # of stdin, as watchers stop when their stdin ends.
    pipe(my $stdin, my $kept_open) or die "pipe: $!\n";
    my $main = fork // die "fork: $!\n";
    become($dir, \@command, \@rest, $stdin, $stdout) if !$main;
    setpgrp $main, $main;
    close $_ for $stdin, $stdout;
    report("spawned $id $$ $main " . fileno $output);

    my $status = tend($main, $signals);
    report("exited $id $status");
    exit 0;
}

# Forwards signals and waits until the tree is gone. Returns the first process's exit status.
sub tend {
    my ($main, $signals) = @_;
    my ($status, $stopping, $killing, $deadline);
    while (1) {
        # What cannot be killed at once (a process in uninterruptible sleep, another user's) is tried less and less often.
        my $patience = $killing ? 0.001 * 2**($killing < 8 ? $killing++ : 8) : $deadline ? $deadline - time : undef;
        my %ready    = wait_for($patience, signals => $signals);
        for my $signal ($ready{signals} ? read_signals($signals) : ()) {
            if    ($signal == USR1) { $killing ||= 1 }
            elsif ($signal == USR2) { $stopping = 1; $deadline //= time + GRACE; signal_tree(TERM) }
            elsif ($signal != CHLD && $signal != PIPE) { $stopping ||= $signal == TERM; signal_tree($signal) }
        }
        my $pid;
        while (($pid = waitpid -1, WNOHANG) > 0) { $status = exit_status($?) if $pid == $main }
        return $status // 137 if $pid < 0;    # no children left
        # A dyno lives as long as its first process; only a stop gives the others time of their own.
        $killing ||= defined $status && !$stopping || $deadline && time >= $deadline;
        kill_tree() if $killing;
    }
}

sub become {
    my ($dir, $command, $variables, $stdin, $stdout) = @_;
    setpgrp 0, 0;    # "kill 0" in an app must not reach its init
    open STDIN,  '<&', $stdin;
    open STDOUT, '>&', $stdout;
    open STDERR, '>&', $stdout;
    %ENV = @$variables;
    $SIG{FPE} = 'DEFAULT';    # Perl ignores it, and what is ignored stays so across exec
    set_mask(SIG_SETMASK);
    no warnings 'exec';
    chdir $dir and exec { $command->[0] } @$command;
    my $what = -d $dir ? "$command->[0]: $!" : "$dir: $!";
    syswrite STDERR, "$what\n";
    exit 127;
}

# ---- process trees ----

# Sends a signal to every process below this one, each once. By process group, as the kernel then leaves out
# none that is being forked meanwhile; no group but those of the tree can be among them.
sub signal_tree {
    my ($signal, @spared) = @_;
    my $own = getpgrp;
    my (%groups, @single);
    for my $pid (descendants($$, @spared)) {
        my $group = getpgrp $pid;
        if    ($group <= 1)    { next }
        elsif ($group == $own) { push @single, $pid }
        else                   { $groups{$group} = 1 }
    }
    kill $signal, @single, map { -$_ } keys %groups;
    return @single + keys %groups;
}

# One round of SIGKILL to all below this process, but not to those spared. False when nobody is left.
sub kill_tree { return signal_tree(KILL, @_) }

# All processes below this one, but for those spared and what is below them.
sub descendants {
    my ($root, @spared) = @_;
    my %spared = map { $_ => 1 } @spared;
    my @found;
    my @parents = ($root);
    while (defined(my $parent = shift @parents)) {
        my @children = grep { !$spared{$_} } children_of($parent);
        push @found,   @children;
        push @parents, @children;
    }
    return @found;
}

sub children_of {
    my ($pid) = @_;
    my @children;
    opendir my $threads, "/proc/$pid/task" or return;
    for my $thread (readdir $threads) {
        open my $list, '<', "/proc/$pid/task/$thread/children" or next;
        push @children, split ' ', <$list> // '';
    }
    return @children;
}

# ---- small things ----

sub exit_status { my ($wait) = @_; return $wait & 127 ? 128 + ($wait & 127) : $wait >> 8 }

# One write, shorter than what a socket takes at once: lines of several writers do not mix.
sub report { syswrite STDOUT, "$_[0]\n" }

sub next_frame {
    my ($input) = @_;
    return if length $$input < 4;
    my $length = unpack 'N', $$input;
    return if length $$input < 4 + $length;
    my $frame = substr $$input, 4, $length;
    substr($$input, 0, 4 + $length) = '';
    return $frame;
}

# Whatever dynosim's own parent left open is no business of any dyno.
sub close_inherited {
    opendir my $open, '/proc/self/fd' or return;
    for my $fd (grep { /^\d+$/ && $_ > 2 && $_ != fileno $open } readdir $open) {
        close $_ for grep { open $_, '<&=', $fd } my $handle;
    }
}

# Signals are blocked and read from a descriptor: Perl's handlers run late, and one that comes just before a
# wait begins would be noticed only after it.
sub set_mask {
    my ($how, @signals) = @_;
    my $mask = 0;
    $mask |= 1 << ($_ - 1) for @signals;
    syscall($call->{sigprocmask}, $how, pack('Q', $mask), 0, 8);
    return pack 'Q', $mask;
}

sub signal_fd {
    my $mask = set_mask(SIG_BLOCK, HUP, INT, USR1, USR2, TERM, CHLD);
    my $fd   = syscall($call->{signalfd}, -1, $mask, 8, SFD_FLAGS);
    $fd >= 0 && open my $handle, '<&=', $fd or report("failed signalfd: $!"), exit 1;
    return $handle;
}

sub read_signals {
    my ($handle) = @_;
    my @signals;
    while (sysread $handle, my $info, 128) { push @signals, unpack 'L', $info }
    return @signals;
}

# Waits until one of the named handles can be read, at most so many seconds. Returns name => 1 for each.
sub wait_for {
    my ($seconds, %handles) = @_;
    my $bits = '';
    vec($bits, fileno $_, 1) = 1 for values %handles;
    my $count = select $bits, undef, undef, $seconds;
    return if $count <= 0;
    return map { vec($bits, fileno $handles{$_}, 1) ? ($_ => 1) : () } keys %handles;
}
