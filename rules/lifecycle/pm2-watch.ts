import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/pm2-watch',
  ensures: 'PM2 does not restart the service because a file changed.',
  severity: 'medium',
  roles: ['any'],
  why: 'An upload, a log line or a half-copied release restarts the process in the middle of its requests, again and again.',
  fix: 'Set `watch: false`; reload on purpose, with `pm2 reload`.',
  references: ['https://pm2.keymetrics.io/docs/usage/watch-and-restart/'],
  needs: ['managed'],
  *check({ managed }) {
    for (const { name, setting } of managed.apps) {
      const watch = setting('watch');
      if (watch && !watch.dynamic && watch.text !== 'false' && !/(^|[-_])dev/.test(name))
        yield { at: watch.at, message: `${name} restarts whenever a file changes.` };
    }
  },
  examples: [
    bad('Everything', {
      'ecosystem.config.js': "module.exports = { apps: [{ name: 'api', script: 'server.js', watch: «true» }] };\n",
    }),
    bad('Some folders', {
      'pm2.json': '{ "apps": [{ "name": "api", "script": "server.js", "watch": «["src", "config"]» }] }\n',
    }),
    good('Off, not said, or decided elsewhere', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'a', script: 'a.js', watch: false }, { name: 'b', script: 'b.js' }, { name: 'c', script: 'c.js', watch: process.env.NODE_ENV !== 'production' }] };\n",
    }),
    good('An app for development', {
      'ecosystem.config.js': "module.exports = { apps: [{ name: 'api-dev', script: 'a.js', watch: true }] };\n",
    }),
  ],
});
