import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/env-string-misused',
  ensures: 'Variables are converted from text before they are used as anything else.',
  severity: 'medium',
  roles: ['any'],
  cwe: 704,
  why: `Every variable of the environment is text. \`"false"\` and \`"0"\` are true, \`process.env.FLAG === true\` never is, and \`process.env.PORT + 1\` is "30001".`,
  fix: `Convert it once, where the configuration is read: \`=== 'true'\`, \`Number(…)\`, \`z.coerce.number()\`.`,
  references: ['https://nodejs.org/api/process.html#processenv'],
  needs: ['program', 'environment'],
  *check({ program, environment }) {
    for (const module of program.modules.values()) {
      const { values, blocks } = module.facts;
      const nameOf = (id: number): string | undefined => {
        const value = values[id];
        if (value?.kind !== 'member' || value.property === undefined) return undefined;
        return program.apis(module.first + value.object).includes('process.env') ? value.property : undefined;
      };
      for (const value of values) {
        if (value.kind === 'operation' && /^[!=]==$/.test(value.operator)) {
          const name = value.operands.map((operand) => nameOf(operand.value)).find((found) => found !== undefined);
          const other = value.operands.map((operand) => values[operand.value]).find((each) => each?.kind === 'literal');
          if (
            name === undefined ||
            other?.kind !== 'literal' ||
            typeof other.value === 'string' ||
            other.value === null
          )
            continue;
          // compared with the text beside it: superfluous, not wrong
          const isCovered = values.some(
            (beside) =>
              beside.kind === 'operation' &&
              beside.operator === value.operator &&
              beside.operands.some((operand) => nameOf(operand.value) === name) &&
              beside.operands.some((operand) => {
                const text = values[operand.value];
                return text?.kind === 'literal' && text.value === String(other.value);
              }),
          );
          if (isCovered) continue;
          yield {
            at: program.locationIn(module, value.at),
            message: `\`process.env.${name}\` is text and never ${String(other.value)}.`,
          };
        } else if (value.kind === 'join' && value.operator === '+' && value.parts.length === 2) {
          const [left, right] = value.parts;
          const name = left && nameOf(left.value);
          const number = right && values[right.value];
          if (name === undefined || number?.kind !== 'literal' || typeof number.value !== 'number') continue;
          yield {
            at: program.locationIn(module, value.at),
            message: `\`process.env.${name}\` is text: \`+ ${number.value}\` puts the digits behind it.`,
          };
        }
      }
      const seen = new Set<number>();
      for (const { condition } of blocks) {
        if (condition === undefined || seen.has(condition)) continue;
        seen.add(condition);
        const test = values[condition];
        const inner = test?.kind === 'operation' && test.operator === '!' ? test.operands[0]?.value : condition;
        const name = inner === undefined ? undefined : nameOf(inner);
        // only asked whether it is there, and converted then
        const reads = values.filter((_, other) => nameOf(other) === name).length;
        const off =
          name === undefined || reads > 1
            ? undefined
            : environment.assignments.find((each) => each.name === name && /^(false|0|no|off)$/i.test(each.value));
        if (!off || inner === undefined) continue;
        yield {
          at: program.locationOf(module.first + inner),
          message: `\`${off.name}=${off.value}\` counts as true here: it is text that is not empty.`,
          trail: [{ at: off.at, note: 'It is set to be off here.' }],
        };
      }
    }
  },
  examples: [
    bad('Compared with what it can never be', {
      'config.js': `
exports.secure = «process.env.SECURE === true»;
exports.metricsPort = «process.env.PORT + 1»;`,
    }),
    bad('A flag that is documented as false', {
      'server.ts': `
import express from 'express';
const app = express();
if («process.env.TRUST_PROXY») app.set('trust proxy', 1);`,
      '.env.example': `TRUST_PROXY=false\n`,
    }),
    good('Compared with the text as well, and only asked whether it is there', {
      '.env': 'UPLOAD_MAX_SIZE=0\n',
      'config.js': `
exports.ldap = process.env.LDAP === 'true' || process.env.LDAP === true;
if (process.env.UPLOAD_MAX_SIZE) exports.size = parseInt(process.env.UPLOAD_MAX_SIZE, 10);`,
    }),
    good('Converted', {
      'config.js': `
exports.secure = process.env.SECURE === 'true';
exports.metricsPort = Number(process.env.PORT) + 1;
exports.url = process.env.HOST + '/api';`,
      '.env.example': `SECURE=false\n`,
    }),
    good('Set or not set is all that is asked', {
      'server.ts': `if (process.env.SENTRY_DSN) start(process.env.SENTRY_DSN);`,
      '.env.example': `SENTRY_DSN=https://key@sentry.example/1\n`,
    }),
  ],
});
