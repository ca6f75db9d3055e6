import { safeHtml, safeHtmlLines } from './safe.ts';

/** The Markdown rules are written in: paragraphs, lists, fenced code, code spans, bold, links to https. */
export function markdownHtml(markdown: string): string {
  return markdown
    .trim()
    .split(/(^```[^\n]*\n[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? fenced(part) : paragraphs(part)))
    .join('');
}

const fenced = (block: string): string =>
  `<pre><code>${safeHtmlLines(block.replace(/^```[^\n]*\n/, '').replace(/\n?```$/, ''))}</code></pre>`;

const paragraphs = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => (isList(paragraph) ? list(paragraph) : `<p>${inlineHtml(paragraph)}</p>`))
    .join('');

const isList = (paragraph: string): boolean => paragraph.split('\n').every((line) => /^(- |\d+\. |\s+)/.test(line));

const list = (paragraph: string): string =>
  `<ul>${paragraph
    .split(/\n(?=- |\d+\. )/)
    .map((item) => `<li>${inlineHtml(item.replace(/^(- |\d+\. )/, ''))}</li>`)
    .join('')}</ul>`;

/** One line: code spans, bold and links; all else is text. */
export const inlineHtml = (text: string): string =>
  text
    .replaceAll(/\s*\n\s*/g, ' ')
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\(https:\/\/[^\s)]+\))/)
    .map((part) => {
      if (/^`[^`]+`$/.test(part)) return `<code>${safeHtml(part.slice(1, -1))}</code>`;
      if (/^\*\*[^*]+\*\*$/.test(part)) return `<strong>${safeHtml(part.slice(2, -2))}</strong>`;
      const link = /^\[([^\]]+)\]\((https:\/\/[^\s)]+)\)$/.exec(part);
      return link ? anchor(link[2] ?? '', link[1] ?? '') : safeHtml(part);
    })
    .join('');

/** Only for addresses of rules: the project never decides where a link leads. */
export const anchor = (url: string, text: string): string =>
  url.startsWith('https://')
    ? `<a href="${safeHtml(url)}" rel="noopener noreferrer">${safeHtml(text)}</a>`
    : safeHtml(text);
