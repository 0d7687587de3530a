# Finds and signals the descendants of a process.
use strict;

BEGIN { constants(MOST_LOOKS => 8) }

# Sends a signal to every descendant, except to spared processes and their descendants. Signals process groups, because
# the kernel then does not miss a process that is just being forked; all these groups belong to the tree. A process can
# still get a new group (setsid) between the look and the signal. So this looks again until every group has had the
# signal once, though not without end, because an app may start groups faster than that.
# Returns the number of groups and single processes.
sub signal_tree {
    my ($signal, @spared) = @_;
    my %signalled;
    for (1 .. MOST_LOOKS) {
        my @new = grep { !$signalled{$_}++ } groups(@spared) or last;
        kill $signal, @new;
    }
    return scalar keys %signalled;
}

# The descendants' groups, as negative numbers, and the pids of those that are in this process's own group.
sub groups {
    my (@spared) = @_;
    my $own = getpgrp;
    my @found;
    for my $pid (descendants($$, @spared)) {
        my $group = getpgrp $pid;
        push @found, $group == $own ? $pid : -$group if $group > 1;
    }
    return @found;
}

# All descendants of a process, without spared processes and their descendants. Looks at the children of the root twice,
# because a process whose parent ends meanwhile becomes one of them.
sub descendants {
    my ($root, @spared) = @_;
    my %known = map { $_ => 1 } @spared;
    my @found;
    for (1 .. 2) {
        my @children = children_of($root);
        while (defined(my $child = shift @children)) {
            next if $known{$child}++;
            push @found,    $child;
            push @children, children_of($child);
        }
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

# The inodes of all sockets that these processes have open.
sub sockets_of {
    my %inodes;
    for my $pid (@_) {
        opendir my $open, "/proc/$pid/fd" or next;
        for (readdir $open) { $inodes{$1} = 1 if (readlink "/proc/$pid/fd/$_" // '') =~ /^socket:\[(\d+)\]/ }
    }
    return \%inodes;
}

1;
