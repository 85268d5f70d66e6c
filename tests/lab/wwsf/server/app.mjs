// SPDX-License-Identifier: GPL-2.0-or-later
// The web application: sign-in, session, tokens, key set, and the WIC's static files.
import { randomBytes } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import helmet from 'helmet';
import { rateLimit } from 'express-rate-limit';

const log = (line) => console.log(`${new Date().toISOString()} ${line}`);

function securityHeaders(settings) {
  const provider = settings.openid ? [settings.openid.issuer] : [];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'", ...[...settings.wssUrls, ...provider].map((url) => new URL(url).origin)],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // A lab certificate on "localhost" must not pin every other service there to HTTPS. Switch it on in production.
    strictTransportSecurity: false,
  });
}

function sessions(settings) {
  return session({
    name: '__Host-wwsf',
    secret: randomBytes(32).toString('hex'),
    resave: false,
    saveUninitialized: false,
    cookie: { secure: true, httpOnly: true, sameSite: 'strict', path: '/', maxAge: settings.sessionTtl * 1000 },
  });
}

/** Refuses a POST that another site's page sends with our user's cookie. */
function sameOrigin(settings) {
  return (req, res, next) => {
    const { origin } = req.headers;
    if (req.method === 'POST' && origin !== undefined && origin !== settings.origin) {
      return res.status(403).json({ error: 'cross_origin' });
    }
    return next();
  };
}

/** One address for all: under another name (127.0.0.1 for localhost) cookie, token and Origin would not fit. */
function canonicalHost(settings) {
  const { host } = new URL(settings.origin);
  return (req, res, next) => {
    if (req.method === 'GET' && req.headers.host !== host) return res.redirect(`${settings.origin}${req.path}`);
    return next();
  };
}

function signInRoutes(app, users) {
  const limiter = rateLimit({
    windowMs: 60_000,
    limit: 10,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    message: { error: 'too_many_attempts' },
  });

  app.post('/sign-in', limiter, async (req, res) => {
    const user = await users.verify(req.body?.user, req.body?.password);
    if (!user) {
      log('sign-in refused');
      return res.status(401).json({ error: 'wrong_user_or_password' });
    }
    // A new session id: one that was known before the sign-in is worth nothing after it.
    return req.session.regenerate((error) => {
      if (error) return res.status(500).json({ error: 'session' });
      req.session.user = user.user;
      log(`signed in ${user.user}`);
      return res.status(204).end();
    });
  });

  app.post('/sign-out', (req, res) => {
    const user = req.session.user;
    req.session.destroy(() => {
      if (user) log(`signed out ${user}`);
      res.clearCookie('__Host-wwsf', { path: '/', secure: true }).status(204).end();
    });
  });
}

function tokenRoutes(app, settings, users, issuer) {
  const signedIn = (req) => req.session.user && users.find(req.session.user);

  // 204: nobody is signed in. Not an error: the page asks this when it opens.
  app.get('/session', (req, res) => {
    const entry = signedIn(req);
    if (!entry) return res.status(204).end();
    const { user, name, sub, impi, impus = [] } = entry;
    const { domain, wssUrls } = settings;
    return res.json({ user, name: name ?? user, sub, impi, impus, domain, wss_urls: wssUrls });
  });

  app.post('/token', async (req, res) => {
    const user = signedIn(req);
    if (!user) return res.status(401).json({ error: 'not_signed_in' });
    const { token, claims } = await issuer.mint(user);
    log(`token for ${user.user} jti=${claims.jti} exp=${claims.exp}`);
    return res.json({
      access_token: token,
      token_type: 'Bearer',
      expires_in: claims.exp - claims.iat,
      scope: claims.scope,
    });
  });

  app.get('/.well-known/jwks.json', (req, res) => {
    res.set('Cache-Control', 'public, max-age=300').type('application/jwk-set+json').json(issuer.jwks);
  });
}

/** The page, whichever way its users sign in; `routes(app)` adds what differs. */
function site(settings, routes) {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders(settings));
  app.use(canonicalHost(settings));
  // Both have the same functions; the page imports wwsf.js.
  if (settings.openid) app.get('/wwsf.js', (req, res) => res.sendFile('wwsf-openid.js', { root: settings.wicDir }));
  app.use('/vendor', express.static(settings.vendorDir));
  app.use(express.static(settings.wicDir));
  app.get('/sipjs.html', (req, res) => res.sendFile('index.html', { root: settings.wicDir }));
  app.use((req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  routes(app);
  app.use((req, res) => res.status(404).json({ error: 'not_found' }));
  // Express knows an error handler by its four parameters.
  app.use((error, req, res, _next) => {
    const status = error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) log(`error ${req.method} ${req.path}: ${error.message}`);
    res.status(status).json({ error: status === 500 ? 'internal' : 'bad_request' });
  });
  return app;
}

/** The site signs its users in itself, and makes their tokens. */
export function wwsfApp(settings, users, issuer) {
  return site(settings, (app) => {
    app.use(sameOrigin(settings));
    app.use(sessions(settings));
    app.use(express.json({ limit: '4kb' }));
    signInRoutes(app, users);
    tokenRoutes(app, settings, users, issuer);
  });
}

/** An OpenID provider does both; the site only tells its page which one. */
export function openidApp(settings) {
  const { openid: { issuer, clientId, resource }, scope, domain, wssUrls } = settings;
  return site(settings, (app) => {
    app.get('/openid.json', (req, res) => {
      res.json({ issuer, client_id: clientId, resource, scope, domain, wss_urls: wssUrls });
    });
  });
}
