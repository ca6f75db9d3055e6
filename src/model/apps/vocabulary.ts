/** The names by which programs do to a request what concerns us: what they call, read and throw. */

export const STATUS_METHODS = /^(status|sendStatus|code|writeHead|throw|fail|abort)$/;
export const HEADER_METHODS = /^(setHeader|header|set|append|appendHeader|writeHead|headers)$/;
export const ANSWER_METHODS =
  /^(send|json|jsonp|end|render|sendFile|sendfile|redirect|sendStatus|pipe|download|view|file|html|text|body|writeHead)$/;
export const WHO =
  /^(user|authorization|isAuthenticated|isUnauthenticated|session|currentUser|userId|user_id|uid|auth|token|accessToken|bearer|signedCookies|apiKey|api_key|x-api-key|x-access-token|x-auth-token|principal|identity|account|accountId|jwt|claims|authToken|passport|credentials|loggedIn|isLoggedIn)$/i;
export const ROLE =
  /^(role|roles|isAdmin|is_admin|admin|permissions?|privileges?|scopes?|canAccess|hasRole|hasPermission|can|ability|isAllowed|allowedRoles|requiredRoles|accessLevel|rights|isSuperAdmin|isModerator|isOwner)$/i;
export const CSRF = /csrf|xsrf/i;
/** Calls that make a response from what they are given. */
export const RESPONSES =
  /^((next\/server\.NextResponse|Response)(\.json|\.redirect|\.next|\.rewrite)?|NextResponse(\.\w+)?)$/;
/** Calls that say who is calling, or refuse. Sources: the documentation of Auth.js, Clerk, Next.js. */
export const ASKS_WHO =
  /(^|\.)(auth|currentUser|require(User|Auth|Session|Login)\w*|ensure(Auth|Login)\w*|assertAuth\w*)$/;
/** Calls that find out who is calling from the request alone. */
export const IDENTIFIES =
  /(^|\.)(auth|getAuth|currentUser|get(Server)?Session|getIronSession|getToken|getUser|unstable_getServerSession|getCurrentUser|getServerAuthSession|jwtVerify|verify(Token|Jwt|IdToken|Session\w*)|require(User|Auth|Session)\w*)$/;
export const STATUS_OF_NAME: readonly (readonly [RegExp, number])[] = [
  [
    /unauthori[sz]ed|unauthenticated|authenticationerror|notauthenticated|authrequired|invalidtoken|auth(entication)?fail(ure|ed)|accesstokenerror|tokenexpired/i,
    401,
  ],
  [/forbidden|accessdenied|permissiondenied|notallowed(?!method)/i, 403],
  [/toomanyrequests|ratelimit(ed|exceeded)?|throttl/i, 429],
  [/badrequest|validationerror|unprocessable/i, 400],
  [/notfound/i, 404],
];
