import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/tag-unchecked',
  ensures: 'What is decrypted is what was encrypted.',
  severity: 'high',
  roles: ['service', 'worker', 'function', 'library'],
  cwe: 353,
  owasp: 'A04',
  why: `GCM and CCM are worth what their tag is worth. Without \`setAuthTag\` and \`final\` anyone may flip bits of the
ciphertext, and the same bits of the text flip: \`user\` becomes \`root\`.`,
  fix: 'Call `decipher.setAuthTag(tag)` before `update`, and `final()` before the text is used.',
  references: ['https://nodejs.org/api/crypto.html#deciphersetauthtagbuffer-encoding'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo('crypto.createDecipheriv')) {
      const algorithm = code.argument(call, 0);
      const names = algorithm.state === 'given' ? (program.constants(algorithm.value) ?? []) : [];
      if (!names.some((name) => /-(gcm|ccm|ocb)$|poly1305$/i.test(String(name)))) continue;
      const value = program.valueOf(call);
      const isGivenAway = code.handedOut(call).length > 0 || (value.kind === 'call' && value.result === 'returned');
      if (isGivenAway || code.callsOn(call, 'setAuthTag').length > 0) continue;
      yield { at: code.calleeAt(call), message: `${program.describe(call)} is never told the tag of the message.` };
    }
  },
  examples: [
    bad('Decrypted at once', {
      'store.js': `const crypto = require('crypto');\nexports.open = (data, key, iv) => {\n  const decipher = «crypto.createDecipheriv»('aes-256-gcm', key, iv);\n  return decipher.update(data, 'hex', 'utf8');\n};\n`,
    }),
    good('With its tag', {
      'store.js': `const crypto = require('crypto');\nexports.open = (data, key, iv, tag) => {\n  const decipher = crypto.createDecipheriv('aes-256-gcm', key, iv);\n  decipher.setAuthTag(tag);\n  return decipher.update(data, 'hex', 'utf8') + decipher.final('utf8');\n};\n`,
    }),
    good('A mode without tag, and a decipher that is handed on', {
      'store.ts': `import { createDecipheriv } from 'node:crypto';\nexport const a = (data: Buffer, key: Buffer, iv: Buffer) => createDecipheriv('aes-256-cbc', key, iv).update(data);\nexport const b = (key: Buffer, iv: Buffer) => createDecipheriv('aes-256-gcm', key, iv);\n`,
    }),
  ],
});
