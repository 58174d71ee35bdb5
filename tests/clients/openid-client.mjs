// openid-client: finds the server's metadata by RFC 8414, gets a token by it, and reads with it.
import * as client from 'openid-client';
import { credentials, eventsUrl, followEvents, issuer, restrictedPage, say, walk } from './common.mjs';

const server = await client.discovery(new URL(issuer), credentials.id, credentials.secret, client.ClientSecretBasic(credentials.secret), {
  algorithm: 'oauth2',
  execute: [client.allowInsecureRequests],
});
const { access_token: token, scope } = await client.clientCredentialsGrant(server, { scope: 'sensor:read' });
if (scope !== 'sensor:read') throw new Error(`the token is for ${scope}`);
const get = (url, headers) => client.fetchProtectedResource(server, token, new URL(url), 'GET', null, new Headers(headers));

await walk(async (url) => (await get(url)).json());

// A refusal comes as the challenge that the library has read.
const refused = await client.fetchProtectedResource(server, 'none', new URL(restrictedPage), 'GET').catch((failure) => failure);
if (refused.cause?.[0]?.parameters?.error !== 'invalid_token') throw new Error('the challenge is not invalid_token');
say('refused', refused.status);
say('restricted', (await (await get(restrictedPage)).json()).data.length);

await followEvents(async (headers) => (await get(eventsUrl, headers)).body);
process.exit();
