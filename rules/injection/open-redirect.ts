import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/open-redirect',
  ensures: 'Redirects stay on the own site.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 601,
  owasp: 'A01',
  why: 'A link that begins with your name ends on a page that looks like yours and asks for the password; in a login it also carries tokens along.',
  fix: 'Accept a path only: compare `new URL(value, base).origin` with your own, or look the target up in a list.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('redirect')) {
      yield { ...evidence, message: `${source} decides where ${into} sends the browser.` };
    }
  },
  examples: [
    bad('After a login', {
      'app.js': `const express = require('express');\nconst app = express();\napp.post('/login', (req, res) => res.redirect(«req.query.next || '/'»));\n`,
    }),
    bad('In another framework, and as a header', {
      'koa.js': `const Koa = require('koa');\nconst app = new Koa();\napp.use((ctx) => ctx.redirect(«ctx.query.to»));\n`,
      'plain.ts': `import http from 'node:http';\nhttp.createServer((req, res) => {\n  const { searchParams } = new URL(req.url ?? '/', 'http://localhost');\n  res.writeHead(302, «{ Location: searchParams.get('to') ?? '/' }»).end();\n});\n`,
    }),
    good('Next.js sends to a page of its own', {
      'middleware.ts': `
import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';
export function middleware(request: NextRequest) {
  if (request.cookies.has('session')) return NextResponse.next();
  if (request.nextUrl.pathname.startsWith('/admin')) return NextResponse.redirect(new URL('/login', request.url));
  const url = request.nextUrl.clone();
  url.pathname = '/welcome';
  return NextResponse.redirect(url);
}
`,
    }),
    bad('Next.js sends to where the query says', {
      'app/login/route.ts': `
import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';
export async function GET(request: NextRequest) {
  const next = request.nextUrl.searchParams.get('next') ?? '/';
  return NextResponse.redirect(«new URL(next, request.url)»);
}
`,
    }),
    bad('A function in the cloud', {
      'handler.js': `exports.handler = async (event) => {\n  const { next } = event.queryStringParameters;\n  return {\n    statusCode: 302,\n    headers: { «Location: next» },\n  };\n};\n`,
    }),
    good('A path that a pattern holds to one slash', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/a', (req, res) => res.redirect(/^\\/[a-z]+$/.test(req.query.to) ? req.query.to : '/'));\napp.get('/b', (req, res) => {\n  const { to } = req.query;\n  if (!to.startsWith('/') || /^\\/[/\\\\]/.test(to)) return res.redirect('/');\n  res.redirect(to);\n});\n`,
    }),
    good('A path of the own site', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/go/:page', (req, res) => res.redirect('/pages/' + encodeURIComponent(req.params.page)));\napp.get('/user', (req, res) => res.redirect(\`/users/\${req.query.id}\`));\n`,
    }),
    good('The same origin, checked', {
      'app.js': `const express = require('express');\nconst app = express();\nconst BASE = 'https://shop.example.com';\napp.get('/next', (req, res) => {\n  const target = new URL(req.query.next, BASE);\n  if (target.origin !== BASE) return res.redirect('/');\n  res.redirect(target.href);\n});\n`,
    }),
  ],
});
