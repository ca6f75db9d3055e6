import { bad, defineRule, good } from '../../src/rule/rule.ts';

const steps = (script: string): Record<string, string> => ({
  '.github/workflows/ci.yml': `on: push\npermissions: {}\njobs:\n  a:\n    steps:\n      - run: ${script}\n`,
});

export default defineRule({
  id: 'transport/ci-tls-verification-off',
  ensures: 'CI checks whom it downloads from and what it sends secrets to.',
  severity: 'medium',
  control: 'transport/tls-verification-off',
  roles: ['any'],
  cwe: 295,
  owasp: 'A04',
  why: 'Anyone on the way can put another file in its place, or read the tokens the job sends; what CI builds from it is what ships.',
  fix: 'Take the option away; give the runner the certificate of a private authority (`--cacert`, `NODE_EXTRA_CA_CERTS`), or check a SHA-256 of the file.',
  references: ['https://curl.se/docs/manpage.html#-k'],
  needs: ['workflows'],
  *check({ workflows }) {
    const seen = new Set<string>();
    for (const { at, commands, managers } of workflows.scripts) {
      const programs = commands.map(({ words }) => (words[0]?.text === 'sudo' ? words.slice(1) : words));
      const place = `${at.path}:${at.start}`;
      const careless = managers.find(({ verb, names, options }) => {
        const given = [...names, ...options].map(({ text }) => text);
        const set = verb === 'config' ? given.join(' ').replace('=', ' ') : '';
        return /\b(strict-ssl|enableStrictSsl) false\b/.test(set) || given.some((text) => UNCHECKED.test(text));
      });
      if (careless && !seen.has(place)) {
        seen.add(place);
        yield { at, message: `${careless.manager} in CI accepts any certificate of a registry.` };
      }
      if (programs.some(([program]) => CHECKS.test(program?.text ?? '')) || seen.has(place)) continue;
      for (const [program, ...words] of programs) {
        const texts = words.map(({ text }) => text);
        const option = texts.find((text) => (OFF.get(program?.text ?? '') ?? NEVER).test(text));
        // what is asked is the job's own, by a name that no certificate has
        const asked = texts.filter((text) => /^https:\/\//i.test(text));
        if (option === undefined || asked.length === 0 || asked.some((url) => OWN.test(url)) || seen.has(place))
          continue;
        seen.add(place);
        yield { at, message: `${program?.text} ${option} in CI takes what it gets from anyone who answers.` };
      }
    }
  },
  examples: [
    bad('curl', steps('«curl -fsSLk -o x https://get.acme.io/x»')),
    bad('wget in a job of GitLab', {
      '.gitlab-ci.yml': 'deploy:\n  script:\n    - «wget --no-check-certificate https://get.acme.io/y»\n',
    }),
    bad('npm', steps('«npm config set strict-ssl false»')),
    bad('npm by an option', steps('«npm ci --strict-ssl=false»')),
    good('npm that checks', steps('npm config set strict-ssl true && npm config set fund false')),
    good('With a certificate', steps('curl -fsSL --cacert ca.pem -o x https://get.acme.io/x')),
    good('Its own service', steps('curl -kf https://localhost:3000/health && curl -k https://127.0.0.1:8443/')),
    good('A name in the network of the job', steps('curl -k https://api:8443/health')),
    good('An address of a variable', steps('curl -k "$TARGET/health"')),
    good('Checked by a sum', steps('curl -kO https://get.acme.io/y && echo "93dc  y" | sha256sum -c -')),
  ],
});

const NEVER = /(?!)/;
const UNCHECKED = /^--(strict-ssl=false|no-strict-ssl)$/;
const CHECKS = /^(sha\d+sum|shasum|gpg|gpgv|cosign|minisign)$/;
/** Loopback, a name without a dot, or one that a variable gives. */
const OWN = /^https:\/\/(127\.|\[|[^/.]*([:/]|$)|[^/]*[${]|[^/]*\.(local|localhost|test|internal|svc)([:/.]|$))/i;
const OFF: ReadonlyMap<string, RegExp> = new Map([
  ['curl', /^(--insecure|-[fsSLOgiv#]*k\w*)$/],
  ['wget', /^--no-check-certificate$/],
]);
