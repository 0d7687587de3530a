# The init of a run, in its own process: starts the command, forwards signals, and waits until all processes are gone.
use strict;

BEGIN { constants(ENOENT => 2) }

# $run: guard (the guard's pid), id, name, dir, overlay, grace (ms), program (ARGC ARG… WORDC WORD… VAR VALUE… as in the command),
# signals (to read them from), output and stdout (the two ends of a pipe), stdin, and at a terminal: terminal.
sub be_init {
    my ($run) = @_;
    $0 = "init of $run->{name}";
    open STDIN, '<', '/dev/null';
    call(prctl => PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    # If the guard is killed, the kernel signals its inits.
    call(prctl => PR_SET_PDEATHSIG, USR2, 0, 0, 0);
    kill USR2, $$ if getppid != $run->{guard};

    if ($run->{overlay} ne '') {
        $run->{own} = eval { own_folder($run->{overlay}, $run->{name}) };
        $run->{problem} = $@;
    }
    # Keep the reading end of the output open, so that no app gets SIGPIPE.
    my $main = fork // die "fork: $!\n";
    become($run) if !$main;
    setpgrp $main, $main if !$run->{terminal};
    my @flows;
    if ($run->{terminal}) {
        # Keep it open, so that no output is lost when the app closes it.
        $run->{slave} = open_slave($run->{terminal});
        @flows = (new_flow($run->{terminal}, $run->{stdout}), new_flow($run->{stdin}, $run->{terminal}));
    }
    else { close $run->{$_} for 'stdin', 'stdout' }
    report("spawned $run->{id} $$ $main");

    my $status = tend($main, $run, @flows);
    if (my ($output) = @flows) { drain($output, $run) }
    report("exited $run->{id} $status");
    if ($run->{own}) {
        # The guard waits for this when it ends; nobody else does.
        undef $run->{own};
        remove_leftovers($run->{overlay});
    }
    exit 0;
}

# Waits until the tree is gone. Returns the first process's exit status.
sub tend {
    my ($main, $run, @flows) = @_;
    my $signals = $run->{signals};
    my ($status, $stopping, $killing, $deadline);
    while (1) {
        # Retries less and less often: some processes cannot be killed at once (in uninterruptible sleep, or another
        # user's).
        my $patience = $killing ? 0.001 * 2**($killing < 8 ? $killing++ : 8) : $deadline ? $deadline - now() : undef;
        my $reading  = [ $signals, map { $_->{from} } grep { wants_to_read($_) } @flows ];
        my $is_ready = wait_for($patience, $reading, [ map { $_->{to} } grep { wants_to_write($_) } @flows ]);
        for my $signal ($is_ready->($signals) ? read_signals($signals) : ()) {
            $run->{unheard} ||= $signal == USR1 || $signal == USR2;
            if ($signal == USR1) { $killing ||= 1; next }
            if ($signal == USR2) { $deadline //= now() + $run->{grace} / 1000; $signal = TERM }
            # Some programs exit at once on a second SIGTERM.
            next if $signal == CHLD || $signal == PIPE || $signal == TERM && $stopping;
            $stopping ||= $signal == TERM;
            signal_tree($signal);
        }
        carry($_) for @flows;
        my $pid;
        while (($pid = waitpid -1, WNOHANG) > 0) { $status = exit_status($?) if $pid == $main }
        return $status // 137 if $pid < 0;    # no children left
        # A dyno lives as long as its first process; only a stop gives the other processes more time.
        $killing ||= defined $status && !$stopping || $deadline && now() >= $deadline;
        signal_tree(KILL) if $killing;
    }
}

# Passes on output that is left in the terminal after all processes are gone. If dynosim kills the tree or is gone, it
# may not read the output: then this passes on what the pipe accepts, and does not wait.
sub drain {
    my ($flow, $run) = @_;
    close $run->{slave};
    while (wants_to_read($flow) || wants_to_write($flow)) {
        my $is_ready = wait_for(
            $run->{unheard} ? 0 : undef,
            [ $run->{signals}, wants_to_read($flow) ? $flow->{from} : () ],
            [ wants_to_write($flow) ? $flow->{to} : () ],
        );
        return if $run->{unheard} && !$is_ready->($flow->{from}) && !$is_ready->($flow->{to});
        if ($is_ready->($run->{signals})) {
            $run->{unheard} ||= grep { $_ == USR1 || $_ == USR2 } read_signals($run->{signals});
        }
        carry($flow);
    }
}

# Turns this process, a fork, into the dyno's first process.
sub become {
    my ($run) = @_;
    my ($in, $out) = @$run{ 'stdin', 'stdout' };
    if ($run->{terminal}) {
        call('setsid');
        $in = $out = open_slave($run->{terminal});
    }
    else { setpgrp 0, 0 }    # "kill 0" in an app must not reach its init
    open STDIN,  '<&', $in;
    open STDOUT, '>&', $out;
    open STDERR, '>&', $out;
    # Not earlier: after a fork, each page that is written to must be copied.
    my ($argc, @rest) = split /\0/, $run->{program}, -1;
    my @command = splice @rest, 0, $argc;
    my $wordc   = shift @rest;
    my @words   = splice @rest, 0, $wordc;
    $SIG{FPE} = 'DEFAULT';    # Perl ignores it, and what is ignored stays so across exec
    set_mask(SIG_SETMASK);
    my ($program) = @command;
    local $^W = 0;
    if ($run->{overlay} ne '' && !eval { enter_overlay($run); 1 }) {
        syswrite STDERR, "No overlay can be put over $run->{dir}: $@";
        exit 126;
    }
    if (chdir $run->{dir}) {
        exec_words(\@words, @rest) if @words;
        %ENV = @rest;
        exec { $program } @command;
    }
    my $error = $!;
    my $what = -d $run->{dir} ? $program : $run->{dir};
    syswrite STDERR, "$what: $error\n";
    exit($error == ENOENT ? 127 : 126);    # as bash would
}

# The exit status as in a shell.
sub exit_status { my ($wait) = @_; return $wait & 127 ? 128 + ($wait & 127) : $wait >> 8 }

1;
