import { bad, defineRule, good } from '../../src/rule/rule.ts';
import type { Location } from '../../src/rule/rule.ts';

const SECRET = /^(API_KEY|DATABASE_URL|.*(SECRET|PASSWORD|PRIVATE_KEY)(_KEY)?)$/;

export default defineRule({
  id: 'config/next-unsafe',
  ensures: 'Next.js fetches pictures of known hosts and takes actions of its own pages only.',
  severity: 'medium',
  roles: ['any'],
  cwe: 918,
  owasp: 'A02',
  why: `The image optimizer fetches whatever address it is given, so that with any host allowed it fetches from your network
and serves pictures of anybody under your name. SVG is a page with scripts. Server actions from any origin undo the protection
against forged requests, and source maps in production hand out the source.`,
  fix: 'Name the hosts in `images.remotePatterns`, drop `dangerouslyAllowSVG` and `productionBrowserSourceMaps`, and name the origins of `serverActions`.',
  references: [
    'https://nextjs.org/docs/app/api-reference/components/image#remotepatterns',
    'https://nextjs.org/docs/app/api-reference/config/next-config-js/serverActions',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const { path, facts, first } of program.modules.values()) {
      if (!/(^|\/)next\.config\.[mc]?[jt]s$/.test(path)) continue;
      const configs = facts.exports.filter(({ name }) => name === 'default' || name === '=');
      for (const config of configs) {
        const at = (...names: readonly string[]) => {
          let found = { value: first + config.value, at: undefined as Location | undefined };
          for (const name of names) {
            const next = code.property(found.value, name);
            if (next.state !== 'given') return undefined;
            found = { value: next.value, at: next.at };
          }
          return found;
        };
        const isOn = (...names: readonly string[]) => {
          const found = at(...names);
          return found && program.constants(found.value)?.every((value) => value === true) ? found.at : undefined;
        };
        const svg = isOn('images', 'dangerouslyAllowSVG');
        const policy = at('images', 'contentSecurityPolicy');
        if (svg && !policy) yield { at: svg, message: 'The image optimizer serves SVG, which may hold scripts.' };
        const maps = isOn('productionBrowserSourceMaps');
        if (maps) yield { at: maps, message: 'Source maps are served in production.', severity: 'low' };
        const env = at('env');
        for (const origin of env ? program.origins(env.value) : []) {
          const object = program.valueOf(origin);
          for (const { name = '', value, at: range } of object.kind === 'object' ? object.properties : [])
            if (SECRET.test(name) && program.describe(program.child(origin, value)).startsWith('process.env.'))
              yield {
                at: program.locationIn(program.moduleOf(origin), range),
                message: `${name} is written into the JavaScript of every page that names it.`,
              };
        }
        const patterns = at('images', 'remotePatterns');
        for (const origin of patterns ? program.origins(patterns.value) : []) {
          const list = program.valueOf(origin);
          for (const item of list.kind === 'array' ? list.items : []) {
            const host = code.property(program.child(origin, item.value), 'hostname');
            const names = host.state === 'given' ? (program.constants(host.value) ?? []) : [];
            if (host.state === 'given' && names.some((name) => /^\*{1,2}(\.\*{1,2})?$/.test(String(name))))
              yield { at: host.at, message: 'The image optimizer fetches from any host.' };
          }
        }
        for (const names of [
          ['serverActions', 'allowedOrigins'],
          ['experimental', 'serverActions', 'allowedOrigins'],
        ]) {
          const origins = at(...names);
          const isAny =
            origins &&
            program.origins(origins.value).some((origin) => {
              const list = program.valueOf(origin);
              return (
                list.kind === 'array' &&
                list.items.some((item) =>
                  program.constants(program.child(origin, item.value))?.some((name) => /^\*{1,2}$/.test(String(name))),
                )
              );
            });
          if (origins?.at && isAny)
            yield { at: origins.at, message: 'Server actions are taken from pages of any origin.' };
        }
      }
    }
  },
  examples: [
    bad('A key for all pages', {
      'next.config.js': `module.exports = { env: { «STRIPE_SECRET: process.env.STRIPE_SECRET», SITE: process.env.SITE } };\n`,
    }),
    bad('Any host, SVG, source maps', {
      'next.config.js': `module.exports = {\n  «productionBrowserSourceMaps: true»,\n  images: { remotePatterns: [{ protocol: 'https', «hostname: '**'» }], «dangerouslyAllowSVG: true» },\n};\n`,
      'package.json': '{ "scripts": { "start": "next start" }, "dependencies": { "next": "15.0.0" } }',
      'app/page.tsx': 'export default function Page() { return null; }\n',
    }),
    bad('Actions of any origin, by a constant', {
      'next.config.mjs': `const origins = ['*'];\n/** @type {import('next').NextConfig} */\nconst config = { experimental: { serverActions: { «allowedOrigins: origins» } } };\nexport default config;\n`,
      'package.json': '{ "scripts": { "start": "next start" }, "dependencies": { "next": "15.0.0" } }',
      'app/page.tsx': 'export default function Page() { return null; }\n',
    }),
    good('Named hosts and origins', {
      'next.config.js': `module.exports = {\n  images: { remotePatterns: [{ hostname: '*.example.com' }] },\n  experimental: { serverActions: { allowedOrigins: ['shop.example.com'] } },\n};\n`,
      'package.json': '{ "scripts": { "start": "next start" }, "dependencies": { "next": "15.0.0" } }',
      'app/page.tsx': 'export default function Page() { return null; }\n',
    }),
    good('SVG under a policy that runs no scripts', {
      'next.config.ts': `export default { images: { dangerouslyAllowSVG: true, contentSecurityPolicy: "script-src 'none'; sandbox;" } };\n`,
      'package.json': '{ "scripts": { "start": "next start" }, "dependencies": { "next": "15.0.0" } }',
      'app/page.tsx': 'export default function Page() { return null; }\n',
    }),
  ],
});
