// eventsource: the browsers' EventSource in Node.js, which goes on by itself with Last-Event-ID.
import { EventSource } from 'eventsource';
import { eventsUrl, restrictedPage, say, sayItem, tokenByForm, walk } from './common.mjs';

await walk(async (url) => (await fetch(url)).json());

say('refused', (await fetch(restrictedPage)).status);
const token = await tokenByForm();
const answer = await fetch(restrictedPage, { headers: { authorization: `Bearer ${token}` } });
say('restricted', (await answer.json()).data.length);

const events = new EventSource(`${eventsUrl}?access_token=${token}`);
events.addEventListener('open', () => say('open'), { once: true });
events.addEventListener('message', ({ data }) => {
  if (sayItem(JSON.parse(data))) process.exit();
});
