// undici: its request for pages and tokens, its EventSource for the stream.
import { EventSource, request } from 'undici';
import { credentials, eventsUrl, restrictedPage, say, sayItem, tokenUrl, walk } from './common.mjs';

await walk(async (url) => (await request(url)).body.json());

const refused = await request(restrictedPage);
await refused.body.dump();
say('refused', refused.statusCode);

const basic = Buffer.from(`${encodeURIComponent(credentials.id)}:${encodeURIComponent(credentials.secret)}`).toString('base64');
const granted = await request(tokenUrl, {
  method: 'POST',
  headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
  body: 'grant_type=client_credentials',
});
const token = (await granted.body.json()).access_token;
const answer = await request(restrictedPage, { headers: { authorization: `Bearer ${token}` } });
say('restricted', (await answer.body.json()).data.length);

// Its EventSource goes on by itself, but does not keep a program alive meanwhile.
setInterval(() => {}, 1000);
const events = new EventSource(`${eventsUrl}?access_token=${token}`);
events.addEventListener('open', () => say('open'), { once: true });
events.onmessage = ({ data }) => {
  if (sayItem(JSON.parse(data))) process.exit();
};
