# Starts a program as bash would, without bash, which takes a millisecond to start and to find out that there is nothing to
# do for a shell.
use strict;

# Turns this process into the program that these words name, with the environment that bash would give it. Returns if
# bash must run the command: bash runs files that the kernel does not, and says what is wrong with the others.
sub exec_words {
    my ($words, %env) = @_;
    my @words   = @$words;
    my $by_exec = $words[0] eq 'exec' && shift @words;
    my $path    = $words[0] =~ m{/} ? $words[0] : find_in_path($words[0], $env{PATH} // '');
    my $cwd     = readlink '/proc/self/cwd';
    return if !defined $path || !defined $cwd;
    # It makes a path absolute in its own way.
    return if $by_exec && $path !~ m{^/};
    if (($env{PWD} // '') ne $cwd) {
        # It may be another name of this folder: bash keeps some of them.
        return if is_here($env{PWD} // '');
        $env{PWD} = $cwd;
    }
    delete $env{OLDPWD} if !-d ($env{OLDPWD} // '');
    $env{SHLVL} //= 0;
    $env{_} = $path if !$by_exec;
    my @env = map { "$_=$env{$_}" } keys %env;
    # Not Perl's exec, because that runs files without "#!" with sh.
    call(execve => $path, pack('p*', @words, undef), pack('p*', @env, undef));
}

# The first file of this name, if it can be run, as bash writes its path.
sub find_in_path {
    my ($name, $path) = @_;
    for my $folder (split /:/, $path) {
        # Bash knows what "", "~/bin" and "bin" mean.
        return if $folder !~ m{^/};
        my $file = $folder =~ m{/$} ? "$folder$name" : "$folder/$name";
        return -f _ && -x _ ? $file : undef if -e $file;
    }
    return;
}

sub is_here {
    my ($path)  = @_;
    my @one     = stat $path or return;
    my @another = stat '.';
    return $one[0] == $another[0] && $one[1] == $another[1];
}

1;
