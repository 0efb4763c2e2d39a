// The certified engine of FranceConnect itself, on the loopback, set as FranceConnect sets it.
// Settings come in the variable OIDC as JSON; one line on stdout tells that it listens.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { Provider } from 'oidc-provider';

const { port, client, person, signingKey } = JSON.parse(process.env.OIDC);
const issuer = `http://127.0.0.1:${port}`;
const pivot = ['given_name', 'family_name', 'gender', 'birthdate', 'birthplace', 'birthcountry'];

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [signingKey] },
  acrValues: ['eidas1', 'eidas2', 'eidas3'],
  claims: { openid: ['sub'], identite_pivot: pivot, email: ['email'], acr: null },
  scopes: ['openid', 'identite_pivot', 'email'],
  subjectTypes: ['pairwise'],
  pairwiseIdentifier: (ctx, accountId, { clientId }) =>
    createHash('sha256').update(`${accountId} ${clientId}`).digest('hex') + 'v1',
  pkce: { required: () => false },
  features: {
    devInteractions: { enabled: false },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  enabledJWA: {
    userinfoEncryptionAlgValues: ['RSA-OAEP', 'ECDH-ES'],
    userinfoEncryptionEncValues: ['A256GCM'],
  },
  interactions: { url: (ctx, { uid }) => `/interaction/${uid}` },
  findAccount: (ctx, accountId) => ({ accountId, claims: () => ({ ...person, sub: accountId }) }),
  // Consent is given on the page where one says who one is.
  async loadExistingGrant(ctx) {
    const { clientId } = ctx.oidc.client;
    const grant = new ctx.oidc.provider.Grant({ clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid identite_pivot email');
    await grant.save();
    return grant;
  },
  ttl: { AuthorizationCode: 30, AccessToken: 60, IdToken: 60, Grant: 600, Interaction: 600, Session: 1800 },
  cookies: { keys: ['essai'] },
});

const page = `<!doctype html><html lang="fr"><title>Fournisseur</title><h1>Fournisseur d’identité d’essai</h1>
<form method="post"><button name="answer" value="yes">Continuer</button>
<button name="answer" value="no">Refuser</button></form></html>`;

async function interaction(request, response) {
  if (request.method === 'GET') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    return response.end(page);
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const yes = { login: { accountId: 'personne', acr: 'eidas1', amr: ['pwd'] } };
  const no = { error: 'access_denied', error_description: 'refus de la personne' };
  return provider.interactionFinished(request, response, body.includes('yes') ? yes : no);
}

const answer = provider.callback();
http
  .createServer((request, response) =>
    request.url.startsWith('/interaction/') ? interaction(request, response) : answer(request, response))
  .listen(port, '127.0.0.1', () => console.log('ready'));
