# All processes that descend from one.
use strict;

# Sends a signal to every process below this one, each once, but not to those spared and what is below them. By
# process group, as the kernel then leaves out none that is being forked meanwhile; no group but those of the
# tree can be among them. Returns how many there were to signal.
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

# All processes below one, but for those spared and what is below them.
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

# The inodes of all sockets that these processes hold.
sub sockets_of {
    my %inodes;
    for my $pid (@_) {
        opendir my $open, "/proc/$pid/fd" or next;
        for (readdir $open) { $inodes{$1} = 1 if (readlink "/proc/$pid/fd/$_" // '') =~ /^socket:\[(\d+)\]/ }
    }
    return \%inodes;
}

1;
