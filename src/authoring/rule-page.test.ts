import { describe, expect, it } from 'vitest';
import { bad, defineRule, good } from '../rule/rule.ts';
import { PROFILE_1 } from '../score/profile.ts';
import { ruleCatalogueOf } from './rule-catalogue.ts';
import { rulePageOf } from './rule-page.ts';

const RULE = defineRule({
  id: 'config/trial',
  ensures: 'One | the other.',
  severity: 'high',
  control: 'config/shared',
  roles: ['service', 'worker'],
  cwe: 79,
  owasp: 'A05',
  why: 'It breaks.',
  fix: 'Mend it.',
  references: ['https://example.org/a'],
  needs: ['roles'],
  examples: [
    bad('It is wrong', { 'src/a.ts': '\n«`x`»;\n```\n', Dockerfile: 'FROM a' }, { 'src/a.ts': 'mended;' }),
    good('It is right', { 'live/a.http': 'GET /' }),
  ],
  check: () => [],
});

describe('the page of a rule', () => {
  const page = rulePageOf(RULE);

  it('says in its first line that it is generated, and from what', () => {
    expect(page.split('\n')[0]).toContain('from rules/config/trial.ts. Do not edit.');
  });

  it('shows the examples the tests run, each in a fence nothing in it can end', () => {
    expect(page).toContain('### It is wrong\n\n`src/a.ts`\n\n````ts\n«`x`»;\n```\n````\n');
    expect(page).toContain('`Dockerfile`\n\n```dockerfile\nFROM a\n```');
    expect(page).toContain('`audit fix` makes of it:\n\n`src/a.ts`\n\n```ts\nmended;\n```');
    expect(page.indexOf('## Found')).toBeLessThan(page.indexOf('## Not found'));
    expect(page).not.toContain('## Shown, but not certain');
  });

  it('says where it counts, what it costs with, and what it is in the catalogues of the field', () => {
    expect(page).toContain('| Where it counts | service, worker |');
    expect(page).toContain('| Control | `config/shared`');
    expect(page).toContain('[CWE-79](https://cwe.mitre.org/data/definitions/79.html)');
    expect(page).toContain('// audit-ignore config/trial: ');
  });
});

describe('the catalogue', () => {
  it('has every rule under its category, with what the category costs at most', () => {
    const text = ruleCatalogueOf([RULE], PROFILE_1.caps);
    expect(text).toContain('| [config](#config) |      6 |     1 |');
    expect(text).toContain('| [config/trial](../docs/rules/config/trial.md) | high | One \\| the other. |');
    expect(text).not.toContain('injection');
  });
});
