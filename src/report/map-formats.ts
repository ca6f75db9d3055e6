import type { MapApp, MapProtection, MapReport, MapRoute } from './map-report.ts';
import { PROTECTIONS } from './map-report.ts';
import type { Paint } from './paint.ts';
import { STYLE } from './html-style.ts';
import { codeSpan, printable, safeHtml, safeJson, safeMarkdown } from './safe.ts';

const SIGNS: Readonly<Record<MapProtection, string>> = {
  present: 'yes',
  conditional: '(yes)',
  unknown: '?',
  absent: '–',
};

/** For a terminal. */
export function mapHuman({ entries, apps, gaps }: MapReport, paint: Paint): string {
  const lines: string[] = [paint.strong('What is started')];
  for (const { path, role, evidence, confidence, listensAt, modules } of entries) {
    lines.push(
      `  ${paint.code(printable(role).padEnd(9))}${printable(path)}${listensAt === undefined ? '' : `, listens at ${printable(listensAt)}`}`,
    );
    lines.push(paint.faint(`           ${printable(evidence)} (${confidence}); ${modules} modules`));
  }
  if (entries.length === 0) lines.push('  Nothing that can be seen.');
  for (const app of apps) lines.push('', ...appLines(app, paint));
  if (gaps.length > 0) {
    lines.push('', paint.strong('What could not be seen'));
    for (const { message, at } of gaps)
      lines.push(`  ${printable(message)}${at === undefined ? '' : paint.faint(` ${printable(at)}`)}`);
  }
  return `${lines.join('\n')}\n`;
}

const titleOf = ({ framework, major }: MapApp): string => `${framework}${major === undefined ? '' : ` ${major}`}`;

function appLines(app: MapApp, paint: Paint): readonly string[] {
  const name = (route: MapRoute): string => `${printable(route.method).padEnd(7)}${printable(route.path)}`;
  const width = Math.min(60, Math.max(10, ...app.routes.map((route) => name(route).length)));
  return [
    `${paint.strong(printable(titleOf(app)))} ${printable(app.at)}${app.serving === 'yes' ? '' : paint.faint(' (not seen to serve)')}`,
    paint.faint('  What requests meet, in this order'),
    ...app.links.map(
      ({ name: link, does, scope, condition, at }) =>
        `    ${printable(link)} ${paint.faint(`→ ${printable(does.join(', '))}${scope === undefined || scope === '/' ? '' : ` below ${printable(scope)}`}${condition === 'always' ? '' : `, ${condition} only`} ${printable(at)}`)}`,
    ),
    paint.faint(`  ${'Routes'.padEnd(width)}  ${PROTECTIONS.map((each) => each.padEnd(9)).join(' ')}`),
    ...app.routes.map((route) =>
      `  ${name(route).padEnd(width)}  ${PROTECTIONS.map((each) => SIGNS[route.protections[each]].padEnd(9)).join(' ')}`.trimEnd(),
    ),
  ];
}

/** The contract for programs. */
export const mapJson = (report: MapReport): string => `${safeJson({ schema: 'seaworthy/map/1', ...report }, 2)}\n`;

/** For a pull request, with a picture that GitHub and GitLab draw. */
export function mapMarkdown({ entries, apps, gaps }: MapReport): string {
  const lines = ['## What is started', '', '| role | module | evidence |', '|---|---|---|'];
  for (const { role, path, evidence } of entries)
    lines.push(`| ${safeMarkdown(role)} | ${codeSpan(path)} | ${safeMarkdown(evidence)} |`);
  for (const app of apps) {
    lines.push(
      '',
      `## ${safeMarkdown(titleOf(app))} ${codeSpan(app.at)}`,
      '',
      '```mermaid',
      ...picture(app),
      '```',
      '',
    );
    lines.push(`| route | ${PROTECTIONS.join(' | ')} |`, `|---|${PROTECTIONS.map(() => '---|').join('')}`);
    for (const route of app.routes)
      lines.push(
        `| ${codeSpan(`${route.method} ${route.path}`)} | ${PROTECTIONS.map((each) => SIGNS[route.protections[each]]).join(' | ')} |`,
      );
  }
  if (gaps.length > 0)
    lines.push(
      '',
      '## What could not be seen',
      '',
      ...gaps.map(({ message, at }) => `- ${safeMarkdown(message)}${at === undefined ? '' : ` ${codeSpan(at)}`}`),
    );
  return `${lines.join('\n')}\n`;
}

const MAX_NODES = 40;

/** The order of middleware as a Mermaid flow chart. Names of the project are reduced to letters that mean nothing to it. */
function picture({ links, routes }: MapApp): readonly string[] {
  const plain = (text: string): string =>
    printable(text)
      .replaceAll(/[^\w ./:*@-]/g, ' ')
      .trim()
      .slice(0, 60) || 'link';
  const shown = links.slice(0, MAX_NODES);
  const nodes = shown.map(({ name, does }, index) => `  m${index}["${plain(name)}<br/>${plain(does.join(' '))}"]`);
  const all = ['request', ...shown.map((_, index) => `m${index}`), 'routes'];
  return [
    'flowchart TD',
    '  request([request])',
    ...nodes,
    `  routes[["${routes.length} routes"]]`,
    ...all.slice(1).map((node, index) => `  ${all[index]} --> ${node}`),
  ];
}

const LEGEND =
  '<p class="soft">yes: every request to the route meets it. (yes): some do, or under a condition. ?: something on the way cannot be seen and may do it. –: nothing does.</p>';

/** A page of its own: nothing is loaded from anywhere. */
export function mapHtml({ entries, apps, gaps }: MapReport): string {
  const rows = (cells: readonly (readonly string[])[]): string =>
    cells.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  const code = (text: string): string => `<code>${safeHtml(text)}</code>`;
  const routeCell = ({ method, path, at, chain }: MapRoute): string =>
    `<details><summary>${code(`${method} ${path}`)}</summary>${safeHtml(at)}<ol>${chain.map((name) => `<li>${code(name)}</li>`).join('')}</ol></details>`;
  const table = (heads: readonly string[], body: string): string =>
    `<div class="scroll"><table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
  const placed = (at: string): string => `<small class="soft">${safeHtml(at)}</small>`;
  const sign = (state: MapProtection): string => `<span class="${state}">${SIGNS[state]}</span>`;
  const sections = apps.map(
    (app) => `<section><h2>${safeHtml(titleOf(app))} ${code(app.at)}</h2>
${app.serving === 'yes' ? '' : '<p class="soft">It is not seen to serve.</p>'}
${
  app.links.length === 0
    ? ''
    : `<h3>What requests meet, in this order</h3>
<ol>${app.links.map(({ name, does, scope = '/', condition, at }) => `<li>${code(name)} ${safeHtml(does.join(', '))}${scope === '/' ? '' : ` below ${code(scope)}`}${condition === 'always' ? '' : `, ${condition} only`} ${placed(at)}</li>`).join('\n')}</ol>`
}
${app.routes.length === 0 ? '<p>No routes.</p>' : `<h3>Routes</h3>\n${table(['route', ...PROTECTIONS], rows(app.routes.map((route) => [routeCell(route), ...PROTECTIONS.map((each) => sign(route.protections[each]))])))}`}
</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Map</title><style>${STYLE}
main{max-width:80rem}h1{font-size:1.6rem}th,td{overflow-wrap:normal;white-space:nowrap}td:last-child{white-space:normal}
section td:last-child{white-space:nowrap}summary{cursor:pointer}.present{font-weight:600;color:var(--good)}.unknown,.conditional{color:var(--medium)}.absent{opacity:.45}</style></head>
<body><main><h1>What was understood</h1>
<h2>What is started</h2>
${table(['role', 'module', 'evidence'], rows(entries.map(({ role, path, evidence }) => [safeHtml(role), code(path), safeHtml(evidence)])))}
${apps.length === 0 ? '' : LEGEND}
${sections.join('\n')}
${gaps.length === 0 ? '' : `<h2>What could not be seen</h2><ul>${gaps.map(({ message, at }) => `<li>${safeHtml(message)}${at === undefined ? '' : ` <small>${safeHtml(at)}</small>`}</li>`).join('\n')}</ul>`}
</main></body></html>
`;
}
