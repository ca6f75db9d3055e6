import { bad, defineRule, good } from '../../src/rule/rule.ts';

interface Setting {
  readonly apis: readonly string[];
  readonly index: number;
  readonly option: string;
  readonly is: boolean;
  /** What it makes of the values of a page. */
  readonly says: string;
  readonly severity?: 'medium';
}

const SETTINGS: readonly Setting[] = [
  {
    apis: ['handlebars.compile', 'handlebars.precompile', 'hbs.compile', 'hbs.handlebars.compile'],
    index: 1,
    option: 'noEscape',
    is: true,
    says: 'escapes nothing',
  },
  ...[0, 1].map((index) => ({
    apis: [
      'nunjucks.configure',
      'nunjucks.Environment',
      'swig.setDefaults',
      'swig.Swig',
      'swig-templates.setDefaults',
      'swig-templates.Swig',
      'twig.twig',
      'eta.configure',
      'eta.Eta',
      'squirrelly.defaultConfig',
      'koa-nunjucks-2',
      'nunjucks-async-loader',
    ],
    index,
    option: 'autoescape',
    is: false,
    says: 'escapes nothing',
  })),
  {
    apis: ['eta.configure', 'eta.Eta', 'squirrelly.render', 'art-template.compile'],
    index: 0,
    option: 'autoEscape',
    is: false,
    says: 'escapes nothing',
  },
  {
    apis: ['markdown-it'],
    index: 0,
    option: 'html',
    is: true,
    says: 'keeps the markup in the text',
    severity: 'medium',
  },
  {
    apis: ['markdown-it'],
    index: 1,
    option: 'html',
    is: true,
    says: 'keeps the markup in the text',
    severity: 'medium',
  },
  {
    apis: ['sanitize-html'],
    index: 1,
    option: 'allowedTags',
    is: false,
    says: 'lets all tags through',
    severity: 'medium',
  },
  {
    apis: ['sanitize-html'],
    index: 1,
    option: 'allowedAttributes',
    is: false,
    says: 'lets all attributes through, `onerror` included',
    severity: 'medium',
  },
];
/** Packages that clean markup after it was made. */
const CLEANERS = ['sanitize-html', 'isomorphic-dompurify', 'dompurify', 'xss'];
/** Functions that may be replaced by one that does nothing. */
const ESCAPES = /^(mustache|ejs)\.escape$/;

export default defineRule({
  id: 'injection/escaping-disabled',
  ensures: 'Template engines and sanitizers do what they are there for.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 116,
  owasp: 'A05',
  why: `Engines escape by themselves, so that a forgotten value does no harm. With that switched off each output of each
template has to be thought of, and one that is forgotten runs scripts in the session of every visitor.`,
  fix: 'Leave it on, and mark the few outputs that are markup of your own, after they were cleaned.',
  references: [
    'https://mozilla.github.io/nunjucks/api.html#configure',
    'https://handlebarsjs.com/api-reference/compilation.html',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    const isCleaned = CLEANERS.some((api) => program.callsTo(api, `${api}.sanitize`).length > 0);
    for (const { apis, index, option, is, says, severity } of SETTINGS) {
      if (apis.includes('markdown-it') && isCleaned) continue;
      for (const call of program.callsTo(...apis)) {
        const found = code.option(call, index, option);
        if (found.state !== 'given' || !program.constants(found.value)?.every((value) => value === is)) continue;
        yield {
          at: found.at,
          message: `${program.describe(call)} ${says}.`,
          ...(severity && { severity }),
          // what it makes may be no page
          ...(option === 'noEscape' && { confidence: 'likely' as const }),
        };
      }
    }
    for (const module of program.modules.values()) {
      for (const write of module.facts.writes) {
        if (write.property !== 'escape') continue;
        const object = program.nodeIn(module, write.object);
        const names = program.apis(object).map((api) => `${api}.escape`);
        const fn = program.functionAt(program.origins(program.nodeIn(module, write.value))[0] ?? -1);
        const first = fn?.fact.params[0];
        const isIdle = fn && first && fn.fact.returns.every(({ value }) => value === first.value);
        if (isIdle && names.some((name) => ESCAPES.test(name)))
          yield {
            at: program.locationIn(module, write.at),
            message: `${program.describe(object)}.escape is replaced by a function that escapes nothing.`,
          };
      }
    }
  },
  examples: [
    bad('Nunjucks, and Handlebars in another file', {
      'app.js': `const express = require('express');\nconst nunjucks = require('nunjucks');\nconst app = express();\nnunjucks.configure('views', { «autoescape: false», express: app });\n`,
      'mail.js': `const Handlebars = require('handlebars');\nmodule.exports = (text) => Handlebars.compile(text, { «noEscape: true» });\n`,
    }),
    bad('Swig for all templates, Mustache by hand', {
      'app.ts': `import swig from 'swig';\nimport Mustache from 'mustache';\nswig.setDefaults({ «autoescape: false» });\n«Mustache.escape» = (text) => text;\n`,
    }),
    bad('Markdown with markup, and a sanitizer that lets everything through', {
      'text.js': `const MarkdownIt = require('markdown-it');\nmodule.exports = new MarkdownIt({ «html: true» });\n`,
      'clean.ts': `import { clean } from './cleaner';\nexport const page = (text: string) => clean(text);\n`,
    }),
    bad('A sanitizer that lets all attributes through', {
      'clean.ts': `import sanitizeHtml from 'sanitize-html';\nexport const clean = (text: string) => sanitizeHtml(text, { «allowedAttributes: false» });\n`,
    }),
    good('The defaults', {
      'app.js': `const express = require('express');\nconst nunjucks = require('nunjucks');\nconst Handlebars = require('handlebars');\nconst MarkdownIt = require('markdown-it');\nconst app = express();\nnunjucks.configure('views', { autoescape: true, express: app });\nmodule.exports = [Handlebars.compile('{{a}}'), new MarkdownIt({ linkify: true })];\n`,
    }),
    good('Markdown with markup that is cleaned afterwards', {
      'text.ts': `import MarkdownIt from 'markdown-it';\nimport sanitizeHtml from 'sanitize-html';\nconst md = new MarkdownIt({ html: true });\nexport const page = (text: string) => sanitizeHtml(md.render(text), { allowedTags: ['b', 'i'] });\n`,
    }),
  ],
});
