import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/pm2-environment',
  ensures: 'PM2 starts the service with NODE_ENV=production.',
  severity: 'medium',
  control: 'config/node-env',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: 'Express then sends stack traces to strangers and reads its views from disk each time; other libraries run their slow checking builds.',
  fix: "Set `env: { NODE_ENV: 'production' }`, or `env_production` and start with `--env production`.",
  references: ['https://pm2.keymetrics.io/docs/usage/environment/'],
  needs: ['managed'],
  *check({ managed }) {
    for (const { name, at, environments } of managed.apps) {
      const values = environments.flatMap(({ nodeEnv }) => nodeEnv ?? []);
      if (
        values.some(({ text, dynamic }) => dynamic || text === 'production') ||
        /(^|[-_])(dev|test|staging)/.test(name)
      )
        continue;
      const [wrong] = values;
      yield wrong
        ? { at: wrong.at, message: `${name} runs with NODE_ENV=${wrong.text}.` }
        : { at, message: `${name} is started without NODE_ENV.`, confidence: 'likely' };
    }
  },
  examples: [
    bad('Another value', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'api', script: 'server.js', env: { NODE_ENV: «'development'» } }] };\n",
    }),
    bad('Not set', {
      'ecosystem.json': '{ "apps": [{ "name": «"api"», "script": "server.js", "env": { "PORT": 3000 } }] }\n',
    }),
    good('Always, or by name', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'a', script: 'a.js', env: { NODE_ENV: 'production' } }, { name: 'b', script: 'b.js', env: { NODE_ENV: 'development' }, env_production: { NODE_ENV: 'production' } }] };\n",
    }),
    good('From outside, and an app for development', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'a', script: 'a.js', env: { NODE_ENV: process.env.NODE_ENV } }, { name: 'api-dev', script: 'b.js' }] };\n",
    }),
  ],
});
