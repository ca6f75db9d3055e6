import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DEVELOPMENT = new Map([
  ['vite-client', 'the client of the Vite development server'],
  ['webpack-dev-server', 'the client of the webpack development server'],
  ['next-development', 'the development build of Next.js'],
  ['react-development', 'the development build of React'],
  ['livereload', 'LiveReload'],
]);

export default defineRule({
  id: 'exposure/dev-server-live',
  ensures: 'What is deployed is a build, not a development server.',
  severity: 'high',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: `A development server hands out source files, error overlays and sometimes any file of the machine, and holds far fewer
visitors.`,
  fix: `Build (\`vite build\`, \`next build\`) in the image and serve the result: \`next start\`, or static files behind the edge.`,
  references: ['https://vite.dev/guide/build.html', 'https://nextjs.org/docs/app/guides/production-checklist'],
  needs: ['pages', 'transport'],
  *check({ pages, transport }) {
    const hosts = new Set(transport.map(({ host }) => host));
    for (const page of pages) {
      const mark = page.marks.find(({ name }) => DEVELOPMENT.has(name));
      if (!mark || !hosts.has(page.url.host)) continue;
      // prose may speak of it: only what the page loads counts
      const loads = page.elements.some(
        ({ tag, at }) => tag === 'script' && at.start <= mark.at.start && mark.at.start < at.end,
      );
      if (!loads && mark.name !== 'next-development') continue;
      yield { at: mark.at, message: `${page.url.href} loads ${DEVELOPMENT.get(mark.name)}.` };
    }
  },
  examples: [
    bad('Vite', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><script type="module" src="«/@vite/client»"></script>`,
    }),
    good('A page about it', {
      'live/1-home.http': `
GET https://blog.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><p>The page loads /@vite/client first.</p><script src="/assets/index-3f2a.js"></script>`,
    }),
    good('On the own machine it belongs', {
      'live/1-home.http': `
GET http://localhost:5173/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><script type="module" src="/@vite/client"></script>`,
    }),
  ],
});
