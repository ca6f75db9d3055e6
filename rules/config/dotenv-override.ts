import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/dotenv-override',
  ensures: 'What the platform sets wins over a file.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 15,
  why: `With \`override\`, a \`.env\` that slipped into the image replaces what the platform set: production runs against the developer's database or with a revoked key, and nobody sees why.`,
  fix: `Remove \`override: true\`; variables that are already set stay as they are.`,
  references: ['https://github.com/motdotla/dotenv#override'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(/^(dotenv|@dotenvx\/dotenvx)(\.default)?\.(config|configDotenv|populate)$/)) {
      const option = code.option(call, code.apiOf(call).some((api) => api.endsWith('.populate')) ? 2 : 0, 'override');
      if (option.state !== 'given' || !program.constants(option.value)?.every((value) => value === true)) continue;
      if (code.isEnvironmentGuarded(call)) continue;
      yield {
        at: option.property
          ? program.locationIn(program.moduleOf(option.value), option.property.at)
          : program.locationOf(call),
        message: 'A `.env` file replaces what the platform has set.',
      };
    }
  },
  examples: [
    bad('For good measure', { 'config.js': `require('dotenv').config({ path: '.env', «override: true» });` }),
    bad('Through an options object', {
      'config.ts': `
import * as dotenv from 'dotenv';
const options = { «override: true» };
dotenv.config(options);`,
    }),
    good('Only in tests', {
      'config.js': `if (process.env.NODE_ENV === 'test') require('dotenv').config({ path: '.env.test', override: true });`,
    }),
    good('The default', {
      'config.ts': `import dotenv from 'dotenv'; dotenv.config({ override: false, quiet: true });`,
    }),
  ],
});
