import type { App, Protection, Route } from './app.ts';
import type { Effect, EffectKind } from './effect.ts';

/** Whether something of a kind stands on the way of every request to a route. */
export function protectionOf(
  route: Route,
  kind: EffectKind,
  accepts: (effect: Effect) => boolean = () => true,
): Protection {
  let weaker: Protection | undefined;
  for (const link of route.chain) {
    if (link.forErrors) continue;
    // a login that answers 401 does not ask who is calling
    const isLogin = route.purpose === 'credentials' && link === route.handlers.at(-1);
    if (isLogin && (kind === 'auth' || kind === 'role')) continue;
    for (const effect of link.effects) {
      if (effect.kind === kind && accepts(effect)) {
        if (
          !link.partly &&
          !effect.partly &&
          (link.condition === 'always' || link.condition === 'production' || link.condition === route.condition)
        )
          return { state: 'present', link, effect };
        if (link.condition !== 'development') weaker = { state: 'conditional', link, effect };
      } else if (effect.kind === 'unknown' && link.level !== 'route') {
        weaker ??= { state: 'unknown', at: link.at, because: effect.reason ?? `${link.name} cannot be seen` };
      } else if (effect.kind === 'unknown' && kind !== 'headers') {
        weaker ??= { state: 'unknown', at: link.at, because: effect.reason ?? `${link.name} cannot be seen` };
      }
    }
  }
  if (weaker?.state === 'conditional') return weaker;
  return weaker ?? escaped(route.app) ?? { state: 'absent' };
}

function escaped({ escapes }: App): Protection | undefined {
  const [first] = escapes;
  return first && { state: 'unknown', at: first.at, because: `the application is handed to ${first.to}` };
}
