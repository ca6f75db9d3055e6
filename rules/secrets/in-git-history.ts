import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/in-git-history',
  ensures: 'No secret was ever committed.',
  severity: 'high',
  roles: ['any'],
  cwe: 540,
  owasp: 'A02',
  why: 'Every clone and every fork has the whole history. A secret that was committed once has leaked: that the file or the line is gone again changes nothing.',
  fix: 'Replace the secret where it was issued, first of all. Rewriting the history (`git filter-repo`) comes second, and is no substitute.',
  references: [
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository',
  ],
  needs: ['history'],
  *check({ history }) {
    const told = new Set<string>();
    for (const { path, name, commit, date, grade } of history.leaks) {
      told.add(path);
      yield {
        at: { path, start: 0, end: 0 },
        message: `${name.charAt(0).toUpperCase()}${name.slice(1)} was committed to ${path} in ${commit} (${date}); it is gone from the files, but not from the history.`,
        severity: grade,
      };
    }
    for (const { path, commit, date, searched } of history.files) {
      if (told.has(path) || (searched && TEXT.test(path))) continue;
      yield {
        at: { path, start: 0, end: 0 },
        message: `${path} was committed in ${commit} (${date}); it is gone from the files, but not from the history.`,
        severity: 'medium',
        ...(TEXT.test(path) ? { unsure: 'What it held was not looked at.' } : { confidence: 'likely' as const }),
      };
    }
  },
  examples: [
    bad('A token, and the file it was in', {
      'history.json':
        '{ "leaks": [{ "path": "src/pay.js", "name": "a Stripe live secret key", "commit": "3f9c2ab", "date": "2024-03-01", "grade": "critical" }], "files": [{ "path": "src/pay.js", "commit": "3f9c2ab", "date": "2024-03-01", "searched": true }] }',
      'src/pay.js': '«»module.exports = process.env.STRIPE_KEY;\n',
    }),
    bad('A key store by its name', {
      'history.json':
        '{ "files": [{ "path": "release.p12", "commit": "77aa01c", "date": "2023-11-20", "searched": false }] }',
      'release.p12': '«»',
    }),
    unsure('Settings that were beyond the bounds of the search', {
      'history.json':
        '{ "searched": 2000, "commits": 9000, "stopped": "more than 3 seconds", "files": [{ "path": "config/.env", "commit": "77aa01c", "date": "2019-11-20", "searched": false }] }',
      'config/.env': '«»',
    }),
    good('Settings that held nothing secret', {
      'history.json': '{ "files": [{ "path": ".env", "commit": "77aa01c", "date": "2023-11-20", "searched": true }] }',
    }),
    good('Nothing', { 'history.json': '{}' }),
  ],
});

/** Its content could have been searched. */
const TEXT = /(^|\/)(\.env[^/]*|\.netrc|\.pgpass|\.git-credentials|kubeconfig|id_\w+|[^/]+\.(json|tfstate|ppk))$/i;
