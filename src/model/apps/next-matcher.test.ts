import { describe, expect, it } from 'vitest';
import { matcherReach } from './next-matcher.ts';

const LOOKAHEAD = '/((?!api|_next/static|_next/image|favicon.ico|.*\\.png$).*)';

/** Expectations by the documentation of Next.js and of path-to-regexp 6, which it matches with. */
describe.each([
  ['/about', '/about', 'all'],
  ['/about', '/about/us', 'none'],
  ['/about/:path', '/about/us', 'all'],
  ['/about/:path', '/about/us/now', 'none'],
  ['/about/:path*', '/about', 'all'],
  ['/about/:path*', '/about/:a/:b', 'all'],
  ['/about/:path+', '/about', 'none'],
  ['/about/:path?', '/about/a/b', 'none'],
  ['/api/:path*', '/other', 'none'],
  ['/dashboard/(.*)', '/dashboard/:id', 'all'],
  ['/dashboard/(.*)', '/dashboard', 'none'],
  ['/dashboard(.*)', '/dashboard', 'all'],
  ['/(.*)', '/', 'all'],
  ['/:path((?!login).*)', '/login', 'none'],
  ['/:path((?!login).*)', '/items', 'all'],
  ['/(api|trpc)(.*)', '/api/items', 'all'],
  ['/(api|trpc)(.*)', '/items', 'none'],
  ['/(de|en)/:path*', '/api/items', 'none'],
  ['/(de|en)/:path*', '/:locale/items', 'some'],
  ['/:locale(de|en)/admin', '/de/admin', 'all'],
  [LOOKAHEAD, '/api/items', 'none'],
  [LOOKAHEAD, '/apiary', 'none'],
  [LOOKAHEAD, '/items', 'all'],
  ['/((?!api/).*)', '/apiary', 'all'],
  ['/((?!api/|login$).*)', '/login/now', 'all'],
  ['/((?!(?:api|login)(?:/|$)).*)', '/login', 'none'],
  ['/((?!(?:api|login)/).*)', '/loginas', 'all'],
  ['/api/((?!auth|public).*)', '/api/auth/login', 'none'],
  ['/api/((?!auth|public).*)', '/api/items', 'all'],
  ['/api/((?!auth|public).*)', '/items', 'none'],
  ['/api/((?!auth|public).*)', '/api/:any', 'some'],
  ['/((?!.*\\..*|_next).*)', '/items', 'all'],
  [LOOKAHEAD, undefined, 'all'],
  ['/:path*', undefined, 'all'],
  ['/((?!api|login|_next).*)', undefined, 'some'],
  ['/admin/:path*', undefined, 'some'],
  [undefined, '/items', 'some'],
  ['/a{/:b}?', '/a', 'some'],
] as const)('%s', (matcher, path, expected) => {
  it(`meets ${expected === 'some' ? 'some requests' : expected} of ${path ?? 'what is called from any page'}`, () => {
    expect(matcherReach(matcher, path)).toBe(expected);
  });
});
