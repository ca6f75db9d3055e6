import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A believable Express service of `count` source files below `root`: routers, services and models that use each other. */
export function generateProject(root: string, count: number): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const perKind = Math.floor((count - 1) / 3);
  write(
    'package.json',
    JSON.stringify(
      {
        name: 'generated',
        private: true,
        scripts: { start: 'node server.js' },
        dependencies: { express: '^4.21.0', pg: '^8.0.0', helmet: '^8.0.0' },
      },
      null,
      2,
    ),
  );
  for (let i = 0; i < perKind; i += 1) {
    write(`models/model${i}.js`, modelText(i));
    write(`services/service${i}.js`, serviceText(i));
    write(`routes/route${i}.js`, routeText(i));
  }
  const mounts = Array.from({ length: perKind }, (_, i) => `app.use('/r${i}', require('./routes/route${i}'));`).join(
    '\n',
  );
  write(
    'server.js',
    `const express = require('express');\nconst helmet = require('helmet');\nconst app = express();\napp.use(helmet());\napp.use(express.json());\n${mounts}\napp.listen(3000);\n`,
  );
}

const modelText = (i: number): string => `const { Pool } = require('pg');
const pool = new Pool();
${functions(
  i,
  6,
  (j) => `exports.find${j} = async (id, options = {}) => {
  const { limit = 10, order = 'id' } = options;
  const columns = ['id', 'name', 'created'].filter((column) => column !== options.without);
  const { rows } = await pool.query('SELECT ' + columns.join(', ') + ' FROM t${i} WHERE id = $1 LIMIT $2', [id, limit]);
  return rows.map((row) => ({ ...row, order, label: \`\${row.name} (\${row.id})\` }));
};`,
)}
`;

const serviceText = (i: number): string => `const model = require('../models/model${i}');
${i > 0 ? `const previous = require('./service${i - 1}');` : ''}
class Service${i} {
  constructor(store = model) {
    this.store = store;
    this.seen = new Map();
  }
${functions(
  i,
  6,
  (j) => `  async step${j}(id, text) {
    if (!id || typeof text !== 'string') throw new TypeError('id and text are needed');
    const found = await this.store.find${j}(id, { limit: text.length % 20 });
    for (const row of found) {
      if (row.label.includes(text)) this.seen.set(row.id, { row, at: Date.now() });
    }
    ${i > 0 ? `const before = await previous.service.step${j}(id, text).catch(() => []);` : 'const before = [];'}
    return [...before, ...found].slice(0, 50);
  }`,
)}
}
exports.service = new Service${i}();
`;

const routeText = (i: number): string => `const { Router } = require('express');
const { service } = require('../services/service${i}');
const router = Router();
${functions(
  i,
  6,
  (j) => `router.get('/step${j}/:id', (req, res, next) => {
  const { id } = req.params;
  service
    .step${j}(id, String(req.query.text))
    .then((rows) => res.json({ rows, count: rows.length }))
    .catch(next);
});`,
)}
module.exports = router;
`;

const functions = (_: number, count: number, textOf: (j: number) => string): string =>
  Array.from({ length: count }, (__, j) => textOf(j)).join('\n');
