import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const DECODES =
  /^(jsonwebtoken\.decode|jwt-decode(\.(jwtDecode|default))?|jose\.(decodeJwt|UnsecuredJWT\.decode)|@nestjs\/jwt\.JwtService\(\)\.decode|fast-jwt\.createDecoder\(\)|jwt-simple\.decode)$/;
const VERIFIES =
  /(^|\.)(verify|verifyAsync|jwtVerify|verifyIdToken|verifyToken|verifySignature|jwtDecrypt|authenticate)$/;
/** Claims read to find the key to verify with, or to judge whether it is worth trying. */
const BEFORE_VERIFYING = new Set([
  'header',
  'payload',
  'signature',
  'exp',
  'iat',
  'iss',
  'kid',
  'alg',
  'nbf',
  'aud',
  'jti',
]);

export default defineRule({
  id: 'auth/jwt-unverified',
  ensures: 'Claims of a token count only once its signature was verified.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 347,
  owasp: 'A07',
  why: '`decode` reads a token without looking at its signature: anybody writes one that says `"role": "admin"`.',
  fix: 'Call `verify` with the key and the list of algorithms you sign with, and use what it returns.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc8725',
    'https://github.com/auth0/node-jsonwebtoken#jwtdecodetoken--options',
  ],
  needs: ['flows', 'program', 'code', 'handlers', 'apps'],
  *check({ flows, program, code, handlers, apps }) {
    for (const call of program.calls) {
      const value = program.valueOf(call);
      const token = program.argument(call, 0);
      if (value.kind !== 'call' || token === undefined) continue;
      const named = code.apiOf(call);
      const byHand = named.includes('JSON.parse') ? payloadIn(token) : undefined;
      const skips = named.includes('jwt-simple.decode');
      if (!named.some((api) => DECODES.test(api)) && byHand === undefined) continue;
      // jwt-simple verifies unless its third argument is true
      if (skips && program.constants(program.argument(call, 2) ?? call)?.[0] !== true) continue;
      const source = flows.received(byHand ?? token);
      if (!source) continue;
      const owner = code.ownerOf(call);
      const reach = handlers.reach(call);
      const around = [...(owner ? [owner] : []), ...(reach ? [...code.runs(reach.handler.fn)] : [])];
      if (around.flatMap((fn) => code.callsIn(fn)).some((each) => isVerifying(each))) continue;
      const guarded = apps.routes.some(
        (route) =>
          route.handlers.some(({ node }) => node === reach?.handler.fn.node) &&
          isGuarded(
            apps.protectionOf(
              { ...route, chain: route.chain.filter(({ node }) => node !== reach?.handler.fn.node) },
              'auth',
            ),
          ),
      );
      if (guarded) continue;
      const { first, facts } = program.moduleOf(call);
      const claims = facts.values.filter((each) => each.kind === 'member' && isDecoded(first + each.object, call));
      const claim = claims.find(
        (each) => each.kind === 'member' && each.property !== undefined && !BEFORE_VERIFYING.has(each.property),
      );
      const kept = facts.writes.find(
        (write) =>
          isDecoded(first + write.value, call) &&
          /^(user|auth|claims|principal|currentUser|jwt|token)$/.test(write.property ?? ''),
      );
      if (claim?.kind !== 'member' && !kept) continue;
      const what = claim?.kind === 'member' ? `${claim.property} is read from` : `${kept?.property} is`;
      yield {
        at: program.locationOf(call),
        message: `${what} the token in ${program.describe(source.node)}, whose signature nobody verified.`,
        trail: [{ at: program.locationOf(source.node), note: 'The client sends it here.' }],
        ...(mayBeVerified(call) && { unsure: 'The program verifies tokens elsewhere, perhaps this one before.' }),
      };
    }

    /** What an excerpt leaves out is not taken for a guard. */
    function isGuarded(protection: ReturnType<typeof apps.protectionOf>): boolean {
      if (protection.state === 'unknown') return !protection.because.endsWith('code that is not here');
      return protection.state === 'present';
    }

    /** It is decoded by a helper of another file, in a program that does verify tokens. */
    function mayBeVerified(call: number): boolean {
      const handler = handlers.reach(call)?.handler.fn;
      return (
        handler !== undefined &&
        handler.module !== program.moduleOf(call) &&
        program.callsTo(/^(jsonwebtoken\.verify|jose\.(jwtVerify|compactVerify|jwtDecrypt))$/).length > 0
      );
    }

    /** What was decoded, or its `payload` where all of the token was asked for. */
    function isDecoded(node: number, call: number): boolean {
      // an origin stops at `decode(token) as Claims`, a definition goes through
      return [...program.origins(node), ...program.definitions(node)].some((origin) => {
        const value = program.valueOf(origin);
        return (
          origin === call ||
          (value.kind === 'member' &&
            value.property === 'payload' &&
            program.origins(program.child(origin, value.object)).includes(call))
        );
      });
    }

    function isVerifying(call: number): boolean {
      const value = program.valueOf(call);
      const text = value.kind === 'call' ? program.describe(program.child(call, value.callee)) : '';
      return VERIFIES.test(text) || code.apiOf(call).some((api) => VERIFIES.test(api));
    }

    /** The token in `Buffer.from(token.split('.')[1], 'base64')`. */
    function payloadIn(node: number, depth = 0): number | undefined {
      if (depth > 6) return undefined;
      for (const origin of program.origins(node)) {
        const value = program.valueOf(origin);
        if (value.kind === 'call') {
          const callee = program.valueOf(program.child(origin, value.callee));
          const first = program.argument(origin, 0);
          const isDecoding = code
            .apiOf(origin)
            .some((api) => /^(Buffer\.from|atob|jose\.base64url\.decode|buffer\.atob)$/.test(api));
          if (isDecoding && first !== undefined) return pieceOf(first, 0);
          const inner =
            callee.kind === 'member' ? program.child(program.child(origin, value.callee), callee.object) : undefined;
          const found = inner === undefined ? undefined : payloadIn(inner, depth + 1);
          if (found !== undefined) return found;
        }
      }
      return undefined;
    }

    function pieceOf(node: number, depth: number): number | undefined {
      if (depth > 6) return undefined;
      for (const origin of program.origins(node)) {
        const value = program.valueOf(origin);
        if (value.kind === 'member') {
          const [key] =
            value.key === undefined ? [value.property] : (program.constants(program.child(origin, value.key)) ?? []);
          const split = program.child(origin, value.object);
          const isSplit = program.origins(split).some((each) => program.describe(calleeOf(each)).endsWith('.split'));
          if (String(key) === '1' && isSplit) return split;
        }
        if (value.kind !== 'call') continue;
        const callee = program.valueOf(program.child(origin, value.callee));
        const found =
          callee.kind === 'member'
            ? pieceOf(program.child(program.child(origin, value.callee), callee.object), depth + 1)
            : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    }

    function calleeOf(call: number): number {
      const value = program.valueOf(call);
      return value.kind === 'call' ? program.child(call, value.callee) : call;
    }
  },
  examples: [
    bad('In an excerpt', {
      'routes.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (app) => {\n  app.get('/admin', (req, res) => {\n    const payload = «jwt.decode(req.headers.authorization.slice(7))»;\n    res.json({ all: payload.role === 'admin' });\n  });\n};\n`,
    }),
    bad('The user a token names, without verifying it', {
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\napp.get('/me', (req, res) => {\n  const claims = «jwt.decode(req.headers.authorization.slice(7))»;\n  res.json({ id: claims.sub });\n});\napp.listen(3000);\n`,
    }),
    bad('Called something else by its type', {
      'app.ts': `import express from 'express';\nimport jwt from 'jsonwebtoken';\nconst app = express();\napp.get('/all', (req, res) => {\n  const claims = «jwt.decode(req.headers.authorization ?? '')» as { admin: boolean };\n  if (claims.admin) res.json([]);\n});\napp.listen(3000);\n`,
    }),
    bad('In another file, by another package', {
      'app.ts': `import Fastify from 'fastify';\nimport { roleOf } from './role.ts';\nconst app = Fastify();\napp.get('/', async (request) => ({ role: roleOf(String(request.headers.authorization)) }));\nawait app.listen({ port: 3000 });\n`,
      'role.ts': `import { jwtDecode } from 'jwt-decode';\nexport function roleOf(token: string) {\n  const { role } = «jwtDecode<{ role: string }>(token)»;\n  return role;\n}\n`,
    }),
    bad('By hand, in a middleware', {
      'app.js': `import express from 'express';\nconst app = express();\napp.use((req, res, next) => {\n  const token = req.get('Authorization').split(' ')[1];\n  req.user = «JSON.parse(Buffer.from(token.split('.')[1], 'base64').toString())»;\n  next();\n});\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('All of it, in a guard', {
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\nfunction auth(req, res, next) {\n  const decoded = «jwt.decode(req.cookies.token, { complete: true })»;\n  if (!decoded) return res.sendStatus(401);\n  req.user = decoded.payload;\n  next();\n}\napp.get('/', auth, (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    unsure('Read by a helper, while another verifies', {
      'app.ts': `import express from 'express';\nimport { verified } from './verified.ts';\nimport { subjectOf } from './subject.ts';\nconst app = express();\napp.get('/me', (req, res) => res.json(subjectOf(req.get('x-token') ?? '')));\napp.get('/admin', (req, res) => res.json(verified(req.get('authorization') ?? '')));\n`,
      'subject.ts': `import jwt from 'jsonwebtoken';\nexport const subjectOf = (token: string) => («jwt.decode(token)» as { sub: string }).sub;\n`,
      'verified.ts': `import jwt from 'jsonwebtoken';\nexport const verified = (token: string) => jwt.verify(token, process.env.KEY ?? '', { algorithms: ['HS256'] });\n`,
    }),
    good('Verified', {
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\napp.get('/me', (req, res) => {\n  const claims = jwt.verify(req.headers.authorization.slice(7), process.env.KEY, { algorithms: ['HS256'] });\n  res.json({ id: claims.sub });\n});\napp.listen(3000);\n`,
    }),
    good('Decoded to find the key, then verified', {
      'app.ts': `import Koa from 'koa';\nimport jwt from 'jsonwebtoken';\nimport { keys } from './keys.ts';\nconst app = new Koa();\napp.use(async (ctx) => {\n  const token = String(ctx.query.token);\n  const { kid, tenant } = jwt.decode(token) as { kid: string; tenant: string };\n  ctx.body = jwt.verify(token, keys[tenant + kid], { algorithms: ['RS256'] });\n});\napp.listen(3000);\n`,
      'keys.ts': `export const keys: Record<string, string> = {};\n`,
    }),
    good('Behind a guard that verifies; a token somebody else sent', {
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\nconst requireUser = (req, res, next) => {\n  try {\n    jwt.verify(req.headers.authorization, process.env.KEY, { algorithms: ['HS256'] });\n  } catch {\n    return res.sendStatus(401);\n  }\n  next();\n};\napp.get('/me', requireUser, (req, res) => res.json(jwt.decode(req.headers.authorization).sub));\napp.get('/callback', async (req, res) => {\n  const answer = await fetch('https://login.example/token').then((r) => r.json());\n  res.json(jwt.decode(answer.id_token).sub);\n});\napp.listen(3000);\n`,
    }),
  ],
});
