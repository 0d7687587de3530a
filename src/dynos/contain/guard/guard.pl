#!/usr/bin/perl -w
# The guard starts the dynos' processes, and makes sure that none outlives dynosim, even if dynosim is killed with
# SIGKILL. Linux only. docs/adr/0001-nothing-is-left-behind.md explains why it exists, and why it is in Perl.
#
#   dynosim (Node) ── guard ─┬─ init of web.1 ─── node server.js ─── the app's processes
#                            └─ init of worker.1 ─ …
#
# Every run of a dyno has its own init, a fork of the guard. It is a "child subreaper": a process whose parent dies
# (double fork, setsid, daemon) becomes its child, so nothing can leave its tree. The guard is one, too, in case an
# init is killed.
#
# ../PROTOCOL.md describes commands, events, and the signals between guard and inits.
use strict;

BEGIN {
    my ($here) = $0 =~ m{^(.*)/};
    require "$here/$_.pl" for qw(system tree listeners terminal overlay words init);
}

# Seconds after the end of dynosim: dynos that end may need their servers until then.
BEGIN { constants(SERVERS_LAST => 6) }

my $guard   = $$;
my $orphans = 0;     # processes that belong to no init any more are ended
my %inits;           # pid of an init => id of its run
my %servers;         # those of them that run servers: they end after all others
my $deadline;        # after the end of dynosim: when they end at the latest
my %pipes;           # id of a run => its pipes, held until the other side has opened them
my %terminals;       # id of a run => its terminal
my %watches;         # id of a run => the port it should listen on
my $looks = 0;       # at listening sockets since a watch began
my $look_at = 0;     # when to look next

main();

sub main {
    $0 = 'dynosim guard';
    close_inherited();
    set_mask(SIG_BLOCK, HUP, INT, USR1, USR2, PIPE, TERM, CHLD);
    call(prctl => PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 or fail("this system has no child subreaper ($!)");
    -e "/proc/$$/task/$$/children" or fail('this system does not list child processes');
    my $signals = signal_fd();
    pipe(my $probe, my $unused) or die "pipe: $!\n";
    report('ready ' . fileno $probe);

    my $input = '';
    my $open  = 1;
    while ($open or %inits or $orphans) {
        my $is_ready = wait_for(patience(), [ $signals, $open ? \*STDIN : () ]);
        # A signal to the guard itself works like the end of dynosim. A terminal's SIGINT never reaches it.
        my @asked = grep { $_ != CHLD && $_ != PIPE } $is_ready->($signals) ? read_signals($signals) : ();
        if ($open && $is_ready->(\*STDIN) && !sysread(STDIN, $input, 65536, length $input) or @asked) {
            $open = 0;
            $deadline //= now() + SERVERS_LAST;
            kill USR2, dynos();
        }
        while (defined(my $order = next_frame(\$input))) { obey($order, $signals) }
        reap_inits();
        kill USR2, keys %servers if !$open and !dynos() || now() >= $deadline;
        look_at_ports() if %watches && now() >= $look_at;
    }
}

sub patience {
    return 0.005 if $orphans;
    return $deadline > now() ? $deadline - now() : undef if $deadline && %servers;
    return undef if !%watches;
    my $left = $look_at - now();
    return $left > 0 ? $left : 0;
}

# Often at first, then less often: a slow boot uses hardly any CPU, and every bind is noticed within 8 ms.
sub look_later { $look_at = now() + ($looks < 600 ? 0.002 + $looks / 100_000 : 0.008) }

sub next_frame {
    my ($input) = @_;
    return if length $$input < 4;
    my $length = unpack 'N', $$input;
    return if length $$input < 4 + $length;
    my $frame = substr $$input, 4, $length;
    substr($$input, 0, 4 + $length) = '';
    return $frame;
}

sub obey {
    my ($order, $signals) = @_;
    my ($what, $id, @rest) = split /\0/, $order, 9;
    if    ($what eq 'spawn')   { start($signals, $id, @rest) }
    elsif ($what eq 'opened')  { delete $pipes{$id} }
    elsif ($what eq 'watch')   { watch_port($id, @rest) }
    elsif ($what eq 'unwatch') { delete $watches{$id} }
    elsif ($what eq 'resize')  { resize_terminal($terminals{$id}, @rest) if $terminals{$id} }
    elsif ($what eq 'signal') {
        my $init = init_of($id);
        # Inits get commands as signals: the signal to forward, or USR1 to kill everything.
        kill $rest[0] == KILL ? USR1 : $rest[0], $init if $init;
    }
}

sub start {
    my ($signals, $id, $name, $kind, $dir, $overlay, $in, $grace, $program) = @_;
    my ($columns, $rows) = $in =~ /^(\d+)x(\d+)$/;
    # Real pipes, because programs cannot open /dev/stdout if it is one of Node's sockets.
    pipe(my $output, my $stdout) && pipe(my $stdin, my $input) or return report("exited $id 126");
    my $terminal = $columns ? open_terminal($columns, $rows) // return report("exited $id 126") : undef;
    report(join ' ', 'pipes', $id, fileno $output, fileno $input);
    my $pid = fork // return report("exited $id 126");
    if (!$pid) {
        # If another tree's input stayed open here, it would never end. Outputs may stay open: a hundred inits that
        # close each other's outputs would take a while.
        %terminals = ();
        delete $_->[1] for values %pipes;
        close $input;
        be_init({
            guard => $guard, signals => $signals, id => $id, name => $name, dir => $dir, overlay => $overlay,
            grace => $grace, program => $program, output => $output, stdout => $stdout, stdin => $stdin,
            terminal => $terminal,
        });
    }
    $inits{$pid}    = $id;
    $servers{$pid}  = $id if $kind eq 'server';
    $pipes{$id}     = [ $output, $input ];
    $terminals{$id} = $terminal if $terminal;
}

sub dynos { return grep { !$servers{$_} } keys %inits }

sub init_of { my ($id) = @_; return (grep { $inits{$_} eq $id } keys %inits)[0] }

sub reap_inits {
    while ((my $pid = waitpid -1, WNOHANG) > 0) {
        my $id = delete $inits{$pid} // next;
        delete $servers{$pid};
        delete $watches{$id};
        delete $terminals{$id};
        # An init reports its own end, unless it was killed: then its tree belongs to the guard.
        report("exited $id 137"), $orphans = 1 if $?;
    }
    $orphans = signal_tree(KILL, keys %inits) if $orphans;
}

sub watch_port {
    my ($id, $port) = @_;
    $looks = 0;
    # Not at once, because no program boots so fast.
    look_later() if !%watches;
    $watches{$id} = $port;
}

sub look_at_ports {
    $looks++;
    look_later();
    my $sockets = listening_sockets();
    for my $id (keys %watches) {
        my $init = init_of($id) // next;
        if (!$sockets) { report("blind $id"); delete $watches{$id}; next }
        my $there = $sockets->{ $watches{$id} } or next;
        # The port is open. Only now check whether this dyno opened it.
        my $own = sockets_of(descendants($init));
        my @addresses = map { $_->{address} } grep { $own->{ $_->{inode} } } @$there;
        next if !@addresses;
        report("listening $id @addresses");
        delete $watches{$id};
    }
}
