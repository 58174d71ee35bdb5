// simple-oauth2: a token with the secret in the header and one with it in the body; the second reads.
import { ClientCredentials } from 'simple-oauth2';
import { credentials, eventsUrl, followEvents, issuer, restrictedPage, say, walk } from './common.mjs';

async function tokenWith(authorizationMethod) {
  const grant = new ClientCredentials({ client: credentials, auth: { tokenHost: issuer, tokenPath: '/oauth/token' }, options: { authorizationMethod } });
  const token = await grant.getToken({ scope: ['sensor:read'] });
  if (token.expired(3000)) throw new Error('the token does not live for an hour');
  return token.token.access_token;
}

await walk(async (url) => (await fetch(url)).json());

say('refused', (await fetch(restrictedPage)).status);
await tokenWith('header');
const headers = { authorization: `Bearer ${await tokenWith('body')}` };
say('restricted', (await (await fetch(restrictedPage, { headers })).json()).data.length);

await followEvents(async (more) => (await fetch(eventsUrl, { headers: { ...headers, ...more } })).body);
process.exit();
