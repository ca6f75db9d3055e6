import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SINKS = ['code', 'shell', 'program', 'module', 'sql', 'query-code'] as const;
const ASKED =
  /^(openai|@anthropic-ai\/sdk|@google\/(generative-ai|genai)|ai|ollama|@mistralai\/mistralai|cohere-ai|groq-sdk|replicate|langchain|@langchain\/.*)$/;

export default defineRule({
  id: 'injection/model-output',
  ensures: 'What a language model answers is never run.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 94,
  owasp: 'A05',
  why: `A model answers what its input makes it answer. Whoever gets a sentence into that input, in a mail that is summed up or a page
that is read, decides what runs.`,
  fix: 'Let the model choose among actions of your own, check its arguments against a schema with lists of what is allowed, and hand them over as parameters.',
  references: ['https://genai.owasp.org/llmrisk/llm052025-improper-output-handling/'],
  needs: ['flows', 'program'],
  about: { what: 'call of a language model', isIn: ({ program }) => asksModels(program.modules.values()) },
  *check({ flows, program }) {
    if (!asksModels(program.modules.values())) return;
    for (const sink of SINKS) {
      for (const { source, into, evidence } of flows.fromModels(sink))
        yield {
          ...evidence,
          ...(sink.endsWith('sql') && { severity: 'medium' as const }),
          message: `${source}, which a model answers, is run by ${into}.`,
        };
    }
  },
  examples: [
    bad('Code to compute with', {
      'app.js': `const express = require('express');\nconst OpenAI = require('openai');\nconst app = express();\nconst client = new OpenAI();\napp.post('/compute', async (req, res) => {\n  const answer = await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: req.body.q }] });\n  res.json(eval(«answer.choices[0].message.content»));\n});\n`,
    }),
    bad('A query and a command, in another file', {
      'model.ts': `import { generateText } from 'ai';\nexport async function ask(prompt: string) {\n  const { text } = await generateText({ model: 'm', prompt });\n  return text;\n}\n`,
      'app.ts': `import Fastify from 'fastify';\nimport { exec } from 'node:child_process';\nimport pg from 'pg';\nimport { ask } from './model.ts';\nconst pool = new pg.Pool();\nFastify().post('/ask', async (request) => {\n  exec(«await ask('a command')»);\n  return pool.query(«await ask('a query')»);\n});\n`,
    }),
    good('An answer that is sent, or an argument', {
      'app.js': `const express = require('express');\nconst Anthropic = require('@anthropic-ai/sdk');\nconst pool = new (require('pg').Pool)();\nconst app = express();\nconst client = new Anthropic();\napp.post('/', async (req, res) => {\n  const { content } = await client.messages.create({ model: 'm', messages: [] });\n  await pool.query('INSERT INTO answers (text) VALUES ($1)', [content[0].text]);\n  res.json({ content });\n});\n`,
    }),
    good('One of a list', {
      'app.ts': `import Koa from 'koa';\nimport { exec } from 'node:child_process';\nimport { generateText } from 'ai';\nconst COMMANDS = ['uptime', 'df'];\nnew Koa().use(async () => {\n  const { text } = await generateText({ model: 'm', prompt: 'uptime or df?' });\n  if (COMMANDS.includes(text)) exec(text);\n});\n`,
    }),
  ],
});

function asksModels(
  modules: Iterable<{ readonly facts: { readonly imports: readonly { readonly module?: string }[] } }>,
): boolean {
  return [...modules].some(({ facts }) => facts.imports.some(({ module }) => ASKED.test(module ?? '')));
}
