# Trees behind an overlay: each sees its folder in the usual place, but its changes go to a folder of its own, which is
# removed at its end. https://docs.kernel.org/filesystems/overlayfs.html
use strict;

BEGIN { constants(CLONE_NEWNS => 0x20000, CLONE_NEWUSER => 0x10000000, MS_REC => 0x4000, MS_SLAVE => 0x80000) }
BEGIN { constants(LOCK_EX => 2, LOCK_NB => 4) }

# Makes the folder for one tree's changes. Once its lock is released, any init may remove it.
sub own_folder {
    my ($all, $name) = @_;
    my $path = sprintf '%s/%s.%d.%.0f', $all, $name, $$, now() * 1e9;
    while (1) {
        mkdir $path, 0700 or die "cannot make $path: $!\n";
        # Until it is locked, another init may remove it as a leftover.
        my $lock = open_folder($path);
        return { path => $path, lock => $lock } if $lock && flock($lock, LOCK_EX) && -d $path;
    }
}

# Puts this process, and what it will start, behind an overlay of the run's folder.
sub enter_overlay {
    my ($run) = @_;
    my $dir = $run->{dir};
    my $own = $run->{own} or die $run->{problem};
    chdir $own->{path} and mkdir 'upper' and mkdir 'work' or die "$own->{path}: $!\n";
    # The overlay has the mode and owner of "upper".
    my ($mode, @owner) = (stat $dir)[ 2, 4, 5 ] or die "$dir: $!\n";
    chown @owner, 'upper';
    chmod $mode & 07777, 'upper';
    enter_namespaces();
    # Keep this mount from everybody else, but follow what others mount and unmount.
    mount('none', '/', MS_REC | MS_SLAVE, '');
    # "volatile": nothing has to reach the disk. These names need no quoting, unlike the paths.
    my $lower = open_folder($dir) or die "$dir: $!\n";
    my $folders = 'upperdir=upper,workdir=work,lowerdir=/proc/self/fd/' . fileno $lower;
    mount('overlay', $dir, 0, "userxattr,volatile,$folders");
}

# Root may mount. Others may mount in a user namespace of their own; exec removes the capabilities they have in it.
sub enter_namespaces {
    my ($user, $group) = ($>, $) + 0);
    call(unshare => CLONE_NEWNS | ($user ? CLONE_NEWUSER : 0)) == 0 or die "unshare: $!\n";
    return if !$user;
    for ([ setgroups => 'deny' ], [ uid_map => "$user $user 1" ], [ gid_map => "$group $group 1" ]) {
        my ($file, $text) = @$_;
        open my $own, '>', "/proc/self/$file" or die "$file: $!\n";
        defined syswrite $own, $text or die "$file: $!\n";
    }
}

sub mount {
    my ($type, $where, $flags, $options) = @_;
    call(mount => $type, $where, $type, $flags, $options) == 0 or die "mount: $!\n";
}

# Removes every folder in this one that is not locked.
sub remove_leftovers {
    my ($all) = @_;
    for my $path (entries($all)) {
        my $lock = open_folder($path) or next;
        remove_tree($path) if flock $lock, LOCK_EX | LOCK_NB;
    }
}

# Removes folders without read permission, too: the kernel makes one in "work".
sub remove_tree {
    my ($path) = @_;
    local $^W = 0;    # no warning about deep recursion
    return unlink $path if -l $path || !-d _;
    chmod 0700, $path;
    remove_tree($_) for entries($path);
    rmdir $path;
}

sub entries {
    my ($path) = @_;
    opendir my $folder, $path or return;
    return map { "$path/$_" } grep { !/^\.\.?$/ } readdir $folder;
}

sub open_folder {
    my ($path) = @_;
    open my $folder, '<', $path or return;
    return $folder;
}

1;
