// SPDX-License-Identifier: GPL-2.0-or-later
// Access tokens for W2: JWT by the profile of RFC 9068 (typ at+jwt), signed ES256. Here the WWSF is
// its own WAF (TS 23.228 U.1.3.5): "iss" names the WAF, "client_id" the WWSF.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT, calculateJwkThumbprint, exportJWK } from 'jose';

const ALG = 'ES256';

/** Reads the signing key, or makes one: mode 0600, and never overwrites. */
function signingKey(file) {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  const key = createPrivateKey(readFileSync(file));
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error(`${file}: not an EC P-256 key`);
  return key;
}

/** {jwks, mint(user)}: mint gives {token, claims}; each call is a new token with its own jti. */
export async function tokenIssuer({ tokenKey, issuer, audience, clientId, scope, tokenTtl }) {
  const key = signingKey(tokenKey);
  const jwk = await exportJWK(createPublicKey(key));
  const kid = await calculateJwkThumbprint(jwk);

  return {
    jwks: { keys: [{ ...jwk, kid, alg: ALG, use: 'sig' }] },
    async mint(user) {
      const iat = Math.floor(Date.now() / 1000);
      const claims = {
        iss: issuer,
        aud: audience,
        sub: user.sub,
        client_id: clientId,
        scope,
        iat,
        exp: iat + tokenTtl,
        jti: randomUUID(),
        ...(user.impus && { impi: user.impi, impu: user.impus.length === 1 ? user.impus[0] : user.impus }),
      };
      const token = await new SignJWT(claims).setProtectedHeader({ typ: 'at+jwt', alg: ALG, kid }).sign(key);
      return { token, claims };
    },
  };
}
