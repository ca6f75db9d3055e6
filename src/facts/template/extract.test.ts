import { describe, expect, it } from 'vitest';
import { extract } from './extract.ts';

/** The paths of what a template puts into the page as it is, with the text each stands for. */
function rawIn(path: string, text: string): readonly string[] {
  const { facts } = extract({ path, text, language: 'template', tracked: 'tracked' });
  return facts.outputs.map((output) => `${output.path.join('.')} at ${text.slice(output.start, output.end)}`);
}
const includesOf = (path: string, text: string): readonly string[] =>
  extract({ path, text, language: 'template', tracked: 'tracked' }).facts.includes;

describe('what a template puts into a page as it is', () => {
  it.each([
    ['a.ejs', '<%= a %><%- b %><%- b.c[0]?.d -%>', ['b at <%- b %>', 'b.c.*.d at <%- b.c[0]?.d -%>']],
    [
      'a.ejs',
      `<%- locals.b || '' %><%- '<i>' + c['d'] %>`,
      [`b at <%- locals.b || '' %>`, `c.d at <%- '<i>' + c['d'] %>`],
    ],
    ['a.ejs', '<%- escape(b) %><%- JSON.stringify(c) %><%# - d %>', []],
    [
      'a.ejs',
      '<% for (const post of page.posts) { %><%- post.body %><% } %>',
      ['page.posts.*.body at <%- post.body %>'],
    ],
    ['a.ejs', '<% posts.forEach(function (post) { %><%- post.body %><% }) %>', ['posts.*.body at <%- post.body %>']],
    ['a.eta', '<%~ it.body %><%= it.title %>', ['body at <%~ it.body %>']],
    ['a.pug', 'p= a\np!= b.c\ndiv.x(id="y")!= d\np #{e} !{f}', ['b.c at b.c', 'd at d', 'f at !{f}']],
    ['a.pug', 'each item in list.items\n  li!= item.text\nif a != b\n  p= c', ['list.items.*.text at item.text']],
    ['a.hbs', '{{a}}{{{b.c}}}{{&d}}{{{helper e}}}', ['b.c at {{{b.c}}}', 'd at {{&d}}']],
    [
      'a.hbs',
      '{{#each list}}{{{text}}}{{{../title}}}{{#if x}}{{{this.y}}}{{/if}}{{/each}}{{{z}}}',
      ['list.*.text at {{{text}}}', 'title at {{{../title}}}', 'list.*.y at {{{this.y}}}', 'z at {{{z}}}'],
    ],
    ['a.njk', '{{ a }}{{ b | safe }}{{ c | escape | safe }}{{ d|e|upper }}', ['b at {{ b | safe }}']],
    ['a.njk', '{% autoescape false %}{{ a }}{{ b | e }}{% endautoescape %}{{ c }}', ['a at {{ a }}']],
    ['a.njk', '{% for p in posts %}{{ p.body | safe }}{% endfor %}', ['posts.*.body at {{ p.body | safe }}']],
    ['a.twig', '{{ body|raw }}', ['body at {{ body|raw }}']],
    ['views/a.html', '<% if (x) { %><%- y %><% } %>', ['y at <%- y %>']],
  ])('%s: %s', (path, text, expected) => {
    expect(rawIn(path, text)).toEqual(expected);
  });

  it('comes from the templates it is made of, too', () => {
    expect(includesOf('a.ejs', `<%- include('parts/head') %><%- include("foot", { a }) %><% include old %>`)).toEqual([
      'parts/head',
      'foot',
      'old',
    ]);
    expect(includesOf('a.pug', 'extends ../layout\ninclude parts/nav.pug')).toEqual(['../layout', 'parts/nav.pug']);
    expect(includesOf('a.hbs', '{{> parts/nav}}')).toEqual(['parts/nav']);
    expect(includesOf('a.njk', `{% extends "base.njk" %}{% include 'nav.njk' %}`)).toEqual(['base.njk', 'nav.njk']);
  });

  it('is found in no time in what a hostile author writes', () => {
    for (const text of [
      '<%-'.repeat(50_000),
      '{{{'.repeat(50_000),
      `${' '.repeat(400)}!=`.repeat(500),
      '!{'.repeat(50_000),
    ])
      for (const path of ['a.ejs', 'a.pug', 'a.hbs', 'a.njk']) {
        const start = performance.now();
        rawIn(path, text);
        expect(performance.now() - start).toBeLessThan(500);
      }
  });
});
