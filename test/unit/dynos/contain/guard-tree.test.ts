import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const GUARD = fileURLToPath(new URL('../../../../src/dynos/contain/guard/', import.meta.url));

/** A process, and its process group. */
type Member = readonly [pid: number, group: number];

/** What `signal_tree` signals if its looks at the tree, one after the other, find these processes. */
function signalled(...looks: readonly (readonly Member[])[]): string[] {
  const perl = (members: readonly Member[]) =>
    `{ ${members.map(([pid, group]) => `${pid} => ${group}`).join(', ')} }`;
  const program = `
    my @looks = (${looks.map(perl).join(', ')});
    my ($now, @sent) = {};
    BEGIN {
      *CORE::GLOBAL::getpgrp = sub { @_ ? $now->{$_[0]} // -1 : 1000 };
      *CORE::GLOBAL::kill = sub { my ($signal, @targets) = @_; push @sent, join ' ', $signal, sort @targets };
    }
    require "${GUARD}$_.pl" for qw(system tree);
    no warnings 'redefine';
    *descendants = sub { $now = @looks > 1 ? shift @looks : $looks[0]; keys %$now };
    signal_tree(15);
    print map { "$_\\n" } @sent;
  `;
  return execFileSync('perl', ['-e', program], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

describe.runIf(process.platform === 'linux')('a signal to a tree', () => {
  test('goes to each process group once', () => {
    const members: Member[] = [
      [2000, 2000],
      [2001, 2000],
      [2002, 2002],
    ];
    expect(signalled(members)).toEqual(['15 -2000 -2002']);
  });

  test('goes to a process alone that is still in the group of its init', () => {
    expect(signalled([[2000, 1000]])).toEqual(['15 2000']);
  });

  test('goes to a process that leaves its group between the look and the signal', () => {
    expect(
      signalled(
        [
          [2000, 2000],
          [2001, 2000],
        ],
        [[2001, 2001]],
      ),
    ).toEqual(['15 -2000', '15 -2001']);
  });

  test('ends, even if there is a new group every time', () => {
    const looks = Array.from({ length: 100 }, (_, index): Member[] => [[2000 + index, 2000 + index]]);
    expect(signalled(...looks)).toHaveLength(8);
  });
});
