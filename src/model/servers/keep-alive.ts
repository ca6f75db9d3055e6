import type { Program } from '../program/program.ts';
import type { Listen } from './servers.ts';

/**
 * How long the program keeps idle connections, in seconds; what the frameworks do where the code says nothing.
 * Source: https://nodejs.org/api/http.html#serverkeepalivetimeout (Node.js 18 to 26)
 */
export function keepAliveOf(program: Program, listens: readonly Listen[]): number | 'unknown' {
  const quick = listens.filter(({ framework }) => framework !== 'fastify');
  if (listens.length === 0 || (quick.length > 0 && quick.length < listens.length)) return 'unknown';
  const set: number[] = [];
  for (const module of program.modules.values()) {
    const given = module.facts.writes.filter(({ property }) => property === 'keepAliveTimeout');
    for (const { value } of given) set.push(module.first + value);
  }
  for (const node of program.nodesOf('object')) {
    const value = program.valueOf(node);
    for (const property of value.kind === 'object' ? value.properties : [])
      if (property.name === 'keepAliveTimeout') set.push(program.child(node, property.value));
  }
  let longest = quick.length === 0 && set.length === 0 ? 72 : 5;
  for (const node of set) {
    const [milliseconds] = program.constants(node) ?? [];
    if (typeof milliseconds !== 'number') return 'unknown';
    // 0 never closes
    longest = Math.max(longest, milliseconds === 0 ? Infinity : milliseconds / 1000);
  }
  return longest;
}
