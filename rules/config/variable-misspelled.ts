import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/variable-misspelled',
  ensures: 'Variables have the names the program reads.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 1188,
  why: 'The variable is set, and the program reads another: it runs with its default, or with undefined, and everybody who looks at the settings sees the right value.',
  fix: 'Use one spelling in both places.',
  references: ['https://12factor.net/config'],
  needs: ['environment', 'variableReads'],
  *check({ environment, variableReads }) {
    const reads = new Map(variableReads.filter(({ place }) => place === 'product').map((read) => [read.name, read]));
    const given = new Set(environment.assignments.map(({ name }) => name));
    const told = new Set<string>();
    for (const { name, at, place, by } of environment.assignments) {
      if ((place !== 'product' && place !== 'template') || reads.has(name) || told.has(name)) continue;
      // images and scripts set variables for other programs as well
      if (by === 'image' || by === 'script' || name.length < 6 || at.path.includes('.github/')) continue;
      const read = [...reads.values()].find((each) => !given.has(each.name) && isSlip(name, each.name));
      if (!read) continue;
      told.add(name);
      yield {
        at,
        confidence: 'likely',
        message: `${name} is read nowhere; the code reads ${read.name}, which is set nowhere.`,
        trail: [{ at: read.at, note: `${read.name} is read here.` }],
      };
    }
  },
  examples: [
    bad('A letter too few, in a template', {
      'src/db.js': "module.exports = require('pg').Pool({ connectionString: process.env.DATABASE_URL });\n",
      '.env.example': '«DATABSE_URL=postgres://localhost/shop»\nPORT=3000\n',
    }),
    bad('Two that changed places, in a deployment', {
      'src/mail.ts': 'export const from = process.env.MAIL_SENDER ?? "nobody";\n',
      'compose.yaml': 'services:\n  api:\n    build: .\n    environment:\n      «MAIL_SENDRE: shop@acme.io»\n',
    }),
    good('Both are read, or both are set', {
      'src/a.js': 'use(process.env.SMTP_HOST, process.env.SMTP_POST, process.env.API_KEY_A);\n',
      '.env.example': 'SMTP_HOST=\nSMTP_POST=\nAPI_KEY_A=\nAPI_KEY_B=\n',
    }),
    good('Names that differ on purpose', {
      'src/a.js': 'use(process.env.REDIS_HOST, process.env.KEY_1, process.env.DB_USER_V2);\n',
      '.env.example': 'REDIS_PORT=\nKEY_2=\nDB_USER_V1=\n',
    }),
  ],
});

/** One letter more, less or other, or two that changed places, inside a word of five letters at least. */
function isSlip(a: string, b: string): boolean {
  const [left, right] = [a.split('_'), b.split('_')];
  if (left.length !== right.length) return false;
  const differ = left.flatMap((part, index) => (part === right[index] ? [] : [[part, right[index] ?? ''] as const]));
  const [pair] = differ;
  if (differ.length !== 1 || !pair || Math.min(pair[0].length, pair[1].length) < 5) return false;
  return isNear(pair[0], pair[1]);
}

function isNear(a: string, b: string): boolean {
  if (/\d/.test(a + b) || Math.abs(a.length - b.length) > 1) return false;
  // a plural is a slip as well
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  if (a.length > b.length) return a.slice(at + 1) === b.slice(at);
  if (a.length < b.length) return a.slice(at) === b.slice(at + 1);
  const swapped = a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
  return swapped || a.slice(at + 1) === b.slice(at + 1);
}
