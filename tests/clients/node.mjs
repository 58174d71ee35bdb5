// The fetch that Node.js brings along.
import { eventsUrl, followEvents, restrictedPage, say, tokenByForm, walk } from './common.mjs';

await walk(async (url) => (await fetch(url)).json());

say('refused', (await fetch(restrictedPage)).status);
const headers = { authorization: `Bearer ${await tokenByForm()}` };
say('restricted', (await (await fetch(restrictedPage, { headers })).json()).data.length);

await followEvents(async (more) => {
  const answer = await fetch(eventsUrl, { headers: { ...headers, ...more } });
  if (!answer.ok) throw new Error(`the stream answered ${answer.status}`);
  return answer.body;
});
process.exit();
