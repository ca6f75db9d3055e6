import { bad, defineRule, good } from '../../src/rule/rule.ts';

// in pieces, so that tools do not look for the map of this file
const LINK = ['source', 'MappingURL'].join('');

export default defineRule({
  id: 'exposure/source-map-linked-live',
  ensures: 'Scripts do not point to the source they were made from.',
  severity: 'low',
  control: 'exposure/source-maps',
  roles: ['any'],
  cwe: 540,
  owasp: 'A02',
  why: `The map gives back the source with its names and comments: routes, feature flags and the notes nobody meant to publish.`,
  fix: `Build with \`hidden-source-map\` (\`sourcemap: 'hidden'\` in Vite) and upload the maps to the error tracker instead.`,
  references: ['https://vite.dev/config/build-options.html#build-sourcemap'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      for (const { marks, url, status, type, headers } of answers) {
        const [field] = [...headers('sourcemap'), ...headers('x-sourcemap')];
        const at = marks.find(({ name }) => name === 'source-map-link')?.at ?? field?.line;
        if (!at || status !== 200 || !/javascript|^text\/css$/.test(type)) continue;
        yield { at, message: `${url.href} says where its source map is.` };
      }
    }
  },
  examples: [
    bad('The usual last line', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-script.http': `
GET https://app.example/app.js HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/javascript

let a=1;
«//# ${LINK}=app.js.map»`,
    }),
    bad('In a header', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-style.http': `
GET https://app.example/app.css HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/css
«SourceMap: /app.css.map»

a{color:red}`,
    }),
    good('None, and one of data', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-script.http': `
GET https://app.example/app.js HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/javascript

let a=1;
//# ${LINK}=data:application/json;base64,e30=`,
    }),
  ],
});
