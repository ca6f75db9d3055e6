import { bad, defineRule, good } from '../../src/rule/rule.ts';

const VERIFIERS: readonly (readonly [api: string, index: number])[] = [
  ['jsonwebtoken.verify', 2],
  ['jose.jwtVerify', 2],
  ['@nestjs/jwt.JwtService().verify', 1],
  ['@nestjs/jwt.JwtService().verifyAsync', 1],
  ['express-jwt', 0],
  ['express-jwt.expressjwt', 0],
  ['koa-jwt', 0],
  ['passport-jwt.Strategy', 0],
  ['@nestjs/passport.PassportStrategy()()', 0],
  ['fast-jwt.createVerifier', 0],
];

const SIGNERS: readonly (readonly [api: string, index: number])[] = [
  ['jsonwebtoken.sign', 2],
  ['@nestjs/jwt.JwtService().sign', 1],
  ['@nestjs/jwt.JwtService().signAsync', 1],
  ['fast-jwt.createSigner', 0],
];

/** `typ` of proofs that a client holds a key. */
const PROOF = /(dpop|proof|pop)\+jwt$/i;

/** Reads a token and looks at no signature. */
const DECODES = /^(jsonwebtoken\.decode|jwt-decode\b.*|jose\.decodeJwt|jwt-simple\.decode)$/;

export default defineRule({
  id: 'auth/jwt-algorithms',
  ensures: 'Tokens are accepted only with the algorithm they are signed with, and never unsigned.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 347,
  owasp: 'A04',
  why: `With \`none\` among the accepted algorithms anybody can write a token. Where a public-key algorithm and an HMAC are
both accepted, the public key, which everybody may have, serves as the HMAC's key.`,
  fix: "Name the one algorithm you sign with: `algorithms: ['HS256']`.",
  references: ['https://www.rfc-editor.org/rfc/rfc8725#section-3.1'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const { option, call, does } of listed()) {
      if (option.state !== 'given') continue;
      const names = program
        .origins(option.value)
        .flatMap((origin) => {
          const value = program.valueOf(origin);
          return value.kind === 'array' ? value.items.map((item) => program.child(origin, item.value)) : [origin];
        })
        .flatMap((node) => program.constants(node) ?? [])
        .map(String);
      const { at } = option;
      if (names.some((each) => each.toLowerCase() === 'none')) {
        yield { at, message: `${program.describe(call)} ${does} tokens without a signature.` };
      } else if (names.some((each) => each.startsWith('HS')) && names.some((each) => /^(RS|ES|PS|Ed)/.test(each))) {
        yield {
          at,
          severity: 'high',
          message: `${program.describe(call)} accepts HMACs beside public-key signatures.`,
        };
      }
    }
    for (const call of program.callsTo('jsonwebtoken.verify')) {
      const key = code.argument(call, 1);
      if (key.state !== 'given') continue;
      const isNothing =
        program.valueOf(key.value).kind === 'undefined' ||
        program.constants(key.value)?.every((each) => !each) === true;
      if (isNothing) yield { at: key.at, message: `${program.describe(call)} has no key to verify with.` };
    }
    for (const { at, name } of keysInTokens())
      yield {
        at,
        severity: 'high',
        message: `The key to verify with is taken from the token itself, from its ${name}.`,
      };

    for (const node of program.nodesOf('operation')) {
      if (believesUnsigned(node))
        yield {
          at: program.locationOf(node),
          message: 'A token whose header says `none` is believed without a signature.',
        };
    }

    /** `if (header.alg === 'none') return payload;` */
    function believesUnsigned(node: number): boolean {
      const value = program.valueOf(node);
      if (value.kind !== 'operation' || !/^===?$/.test(value.operator)) return false;
      const sides = value.operands.map((operand) => program.child(node, operand.value));
      const isAlg = sides.some((side) => {
        const member = program.valueOf(side);
        return member.kind === 'member' && member.property === 'alg';
      });
      if (!isAlg || !sides.some((side) => program.constants(side)?.every((each) => /^none$/i.test(String(each)))))
        return false;
      const { facts, first } = program.moduleOf(node);
      const block = facts.blocks.findIndex((each) => each.condition === node - first && each.holds === true);
      if (block === -1) return false;
      const returns = facts.functions.flatMap((fn) => fn.returns.filter((each) => each.block === block));
      // what is answered is read from the token
      return (
        returns.some((each) => isRead(first + each.value)) ||
        facts.values.some(
          (each, id) => each.kind === 'call' && each.block === block && DECODES.test(code.apiOf(first + id)[0] ?? ''),
        )
      );
    }

    function isRead(node: number): boolean {
      return (
        /(payload|claims|decoded|body|token)$/i.test(program.describe(node)) ||
        program.definitions(node).some((each) => /^(element|member)$/.test(program.valueOf(each).kind))
      );
    }

    /** Every list of algorithms, with the call it is for. */
    function* listed(): Iterable<{ option: ReturnType<typeof code.option>; call: number; does: string }> {
      for (const [api, index] of VERIFIERS)
        for (const call of program.callsTo(api))
          yield { option: code.option(call, index, 'algorithms'), call, does: 'accepts' };
      for (const [api, index] of SIGNERS)
        for (const call of program.callsTo(api))
          yield { option: code.option(call, index, 'algorithm'), call, does: 'makes' };
      for (const call of program.callsNamed('register')) {
        const plugin = program.argument(call, 0);
        if (plugin === undefined || !program.apis(plugin).some((name) => /^(@fastify\/|fastify-)jwt\b/.test(name)))
          continue;
        const options = code.option(call, 1, 'verify');
        if (options.state === 'given')
          yield { option: code.property(options.value, 'algorithms'), call, does: 'accepts' };
      }
    }

    /** Keys a token names or carries: whoever writes the token writes the key. */
    function* keysInTokens(): Iterable<{ at: ReturnType<typeof program.locationOf>; name: string }> {
      for (const call of program.callsTo('jose.jwtVerify', 'jose.compactVerify')) {
        const key = code.argument(call, 1);
        // a proof of possession carries its key by design (RFC 9449, section 4.3)
        const type = code.option(call, 2, 'typ');
        if (type.state === 'given' && program.constants(type.value)?.every((each) => PROOF.test(String(each))))
          continue;
        if (key.state === 'given' && program.apis(key.value).includes('jose.EmbeddedJWK'))
          yield { at: key.at, name: 'jwk' };
      }
      for (const call of program.callsTo(
        'jose.createRemoteJWKSet',
        'jwks-rsa',
        'jwks-rsa.JwksClient',
        'jose.importJWK',
      )) {
        const option = code.option(call, 0, 'jwksUri');
        const place = option.state === 'given' ? option.value : program.argument(call, 0);
        const name = place === undefined ? undefined : headerIn(place);
        if (name !== undefined) yield { at: program.locationOf(call), name };
      }
    }

    /** `jku` where a place is read from `decodeProtectedHeader(token).jku`. */
    function headerIn(place: number): string | undefined {
      for (const origin of program.origins(place)) {
        const value = program.valueOf(origin);
        if (value.kind === 'member' && /^(jku|x5u|jwk)$/.test(value.property ?? '')) return value.property;
        const first =
          value.kind === 'call' && code.apiOf(origin).includes('URL') ? program.argument(origin, 0) : undefined;
        const found = first === undefined ? undefined : headerIn(first);
        if (found !== undefined) return found;
      }
      return undefined;
    }
  },
  examples: [
    bad('Unsigned tokens are accepted', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (token, key) => jwt.verify(token, key, { «algorithms: ['HS256', 'none']» });\n`,
    }),
    bad('The list is a constant of another file', {
      'settings.ts': `export const ALGORITHMS = ['RS256', 'HS256'];\n`,
      'auth.ts': `import { verify } from 'jsonwebtoken';\nimport { ALGORITHMS } from './settings';\nexport const read = (token: string, key: string) => verify(token, key, { «algorithms: ALGORITHMS» });\n`,
    }),
    bad('Tokens are not signed', {
      'token.service.ts': `import { JwtService } from '@nestjs/jwt';\nexport class TokenService {\n  constructor(private readonly jwt: JwtService) {}\n  issue(id: string) {\n    return this.jwt.sign({ id }, { «algorithm: 'none'» });\n  }\n}\n`,
    }),
    bad('No key', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (token) => jwt.verify(token, «''», { algorithms: ['HS256'] });\n`,
    }),
    bad('The token brings its own key', {
      'auth.js': `import { createRemoteJWKSet, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose';\nexport const one = (token) => jwtVerify(token, «EmbeddedJWK»);\nexport async function two(token) {\n  const { jku } = decodeProtectedHeader(token);\n  return jwtVerify(token, «createRemoteJWKSet(new URL(jku))»);\n}\n`,
    }),
    bad('Two families, in the options of a plugin', {
      'app.js': `import Fastify from 'fastify';\nimport jwt from '@fastify/jwt';\nconst app = Fastify();\nawait app.register(jwt, { secret: process.env.KEY, verify: { «algorithms: ['HS256', 'RS256']» } });\nawait app.listen({ port: 3000 });\n`,
    }),
    good('A proof of possession carries its key', {
      'dpop.js': `import { EmbeddedJWK, jwtVerify } from 'jose';\nexport const proof = (token) => jwtVerify(token, EmbeddedJWK, { algorithms: ['ES256'], typ: 'dpop+jwt' });\n`,
    }),
    good('Keys of a known address', {
      'auth.js': `import { createRemoteJWKSet, jwtVerify } from 'jose';\nconst keys = createRemoteJWKSet(new URL('https://id.example/.well-known/jwks.json'));\nexport const read = (token) => jwtVerify(token, keys);\n`,
    }),
    good('One algorithm', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (token, key) => jwt.verify(token, key, { algorithms: ['HS256'] });\n`,
    }),
    good('Two of the same family, and a package that asks for the list', {
      'auth.js': `import { jwtVerify } from 'jose';\nexport const read = (token, key) => jwtVerify(token, key, { algorithms: ['RS256', 'ES256'] });\n`,
    }),
    bad('A token that says of itself it is not signed', {
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\napp.get('/me', (req, res) => {\n  const token = req.headers.authorization.split(' ')[1];\n  const header = JSON.parse(Buffer.from(token.split('.')[0], 'base64').toString());\n  let claims;\n  if («header.alg == 'NONE'») claims = jwt.decode(token);\n  else claims = jwt.verify(token, process.env.KEY, { algorithms: ['HS256'] });\n  res.send(claims.name);\n});\napp.listen(3000);\n`,
      'tokens.js': `const parse = (token) => token.split('.').map((part) => JSON.parse(part));\nexports.claimsOf = (token, verify) => {\n  const [header, payload] = parse(token);\n  if («header.alg === 'none'») {\n    return payload;\n  }\n  return verify(token);\n};\n`,
    }),
    good('It is refused', {
      'tokens.js': `const parse = (token) => token.split('.').map((part) => JSON.parse(part));\nexports.claimsOf = (token, verify) => {\n  const [header] = parse(token);\n  if (header.alg === 'none') return null;\n  if (header.alg === 'None') throw new Error('not signed');\n  return verify(token);\n};\n`,
    }),
  ],
});
