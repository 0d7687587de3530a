# Finds and signals the descendants of a process.
use strict;

# Sends a signal once to every descendant, except to spared processes and their descendants. Signals process groups,
# because the kernel then does not miss a process that is just being forked; all these groups belong to the tree.
# Returns the number of processes.
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

# All descendants of a process, without spared processes and their descendants.
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
