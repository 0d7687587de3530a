import { describe, expect, it } from 'vitest';
import { toJunit } from '../../../../src/cli/format/junit.js';

describe('toJunit', () => {
  it('writes a suite with what passed, failed and was skipped', () => {
    const xml = toJunit({
      name: 'dynosim check',
      cases: [
        { name: 'Procfile', file: 'Procfile', durationMs: 1500, output: 'Procfile:1: warning: x' },
        { name: '.env', failure: { message: 'Bad', text: '.env:1: error: Bad' } },
        { name: 'sleep', skipped: 'Nothing to ask' },
      ],
    });
    expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="dynosim check" tests="3" failures="1" errors="0" skipped="1" time="1.500">
<testsuite name="dynosim check" tests="3" failures="1" errors="0" skipped="1" time="1.500">
<testcase classname="dynosim check" name="Procfile" file="Procfile" time="1.500">
<system-out>Procfile:1: warning: x</system-out>
</testcase>
<testcase classname="dynosim check" name=".env" time="0.000">
<failure message="Bad">.env:1: error: Bad</failure>
</testcase>
<testcase classname="dynosim check" name="sleep" time="0.000">
<skipped message="Nothing to ask"/>
</testcase>
</testsuite>
</testsuites>
`);
  });

  it('writes a suite without cases, and a failure without a text', () => {
    expect(toJunit({ name: 'a', cases: [] })).toContain('skipped="0" time="0.000"/>\n</testsuites>');
    expect(toJunit({ name: 'a', cases: [{ name: 'b', failure: { message: 'c' } }] })).toContain(
      '<failure message="c"/>',
    );
  });

  it('escapes what XML would read otherwise, and spells out what it cannot contain', () => {
    const text = `<a href="b">&amp;</a>]]>\n\t\r\u0000\u001b[31m\u009b\ud800\uffff\u{1F600}é`;
    const xml = toJunit({ name: 'x', cases: [{ name: text, output: text }] });
    expect(xml).toContain(
      'name="&lt;a href=&quot;b&quot;&gt;&amp;amp;&lt;/a&gt;]]&gt;&#10;&#9;&#13;U+0000U+001B[31mU+009BU+D800U+FFFF\u{1F600}é"',
    );
    expect(xml).toContain(
      '<system-out>&lt;a href=&quot;b&quot;&gt;&amp;amp;&lt;/a&gt;]]&gt;\n\t\rU+0000U+001B[31mU+009BU+D800U+FFFF\u{1F600}é</system-out>',
    );
  });
});
