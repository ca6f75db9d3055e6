import type { Node, Program } from '../program/program.ts';
import type { ContentTypes } from './content-types.ts';
import type { Requests } from './requests.ts';
import { textsIn } from './site.ts';
import type { Site } from './site.ts';

const HTML = { sink: 'html', label: 'html' } as const;
const HOST = { sink: 'url', label: 'url-host' } as const;

/** What properties are given: the body of Koa's context, the host of a URL that was parsed before. */
export function writtenSites(program: Program, requests: Requests, contentTypes: ContentTypes): readonly Site[] {
  return [...program.modules.values()].flatMap((module) =>
    module.facts.writes.flatMap((write): readonly Site[] => {
      if (write.property === undefined) return [];
      const object = program.nodeIn(module, write.object);
      const value = program.nodeIn(module, write.value);
      const isPage = write.property === 'body' && isPageOf(program, requests, contentTypes, object, value);
      const isHost = /^(host|hostname|href)$/.test(write.property) && isUrl(program, object);
      if (!isPage && !isHost) return [];
      return [
        {
          row: isPage ? HTML : HOST,
          module,
          block: write.block,
          into: `${program.describe(object)}.${write.property}`,
          value,
          path: [],
          at: program.locationOf(value),
          guessed: false,
        },
      ];
    }),
  );
}

/** Koa sends text that starts with `<` as a page, and whatever was said to be one before. */
function isPageOf(
  program: Program,
  requests: Requests,
  contentTypes: ContentTypes,
  object: Node,
  value: Node,
): boolean {
  const context = contextOf(program, object);
  if (requests.roleOfValue(context)?.shape !== 'koa-context') return false;
  return (
    textsIn(program, value).some((text) => /^\s*</.test(text)) ||
    program.origins(context).some((root) => contentTypes.isPageBefore(root, value))
  );
}

/** `ctx` of `ctx.response`. */
function contextOf(program: Program, node: Node): Node {
  const value = program.valueOf(node);
  return value.kind === 'member' && value.property === 'response' ? program.child(node, value.object) : node;
}

const isUrl = (program: Program, node: Node): boolean =>
  program.apis(node).some((api) => api === 'URL()' || api === 'url.URL()');
