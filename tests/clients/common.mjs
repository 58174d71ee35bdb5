// What the JavaScript clients share: where to read, what to say, and events out of any body that comes in pieces.
const base = process.env.IOTMAN_URL;
export const credentials = { id: process.env.IOTMAN_CLIENT_ID, secret: process.env.IOTMAN_CLIENT_SECRET };
export const tokenUrl = `${base}/oauth/token`;
export const issuer = base;
export const openPage = `${base}/data/out/two-cities?limit=250`;
export const restrictedPage = `${base}/data/out/two-cities-restricted?limit=5`;
export const eventsUrl = `${base}/data/out/live/events`;
export const streamUrl = `${base.replace('http', 'ws')}/data/out/live/stream`;

export const say = (...words) => console.log(...words);
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Follows next_page to the end; `read` turns a URL into a page. */
export async function walk(read) {
  for (let url = openPage; url; ) {
    const page = await read(url);
    for (const item of page.data) say('record', item.at, item.location);
    url = page.next_page;
  }
}

/** Says an item of the stream; true for the last one. */
export function sayItem(item) {
  say('item', item.n);
  return item.last === true;
}

/** The events of a body of server-sent events: {id, data}. */
async function* eventsOf(body) {
  const text = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    const events = (rest + text.decode(piece, { stream: true })).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const field = (name) => event.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1];
      if (field('data')) yield { id: field('id'), data: field('data') };
    }
  }
}

/** Reads live items until the last; `open` takes headers and gives a body. After a cut it goes on behind the last event. */
export async function followEvents(open) {
  let headers = { accept: 'text/event-stream' };
  for (let first = true; ; first = false) {
    try {
      const body = await open(headers);
      if (first) say('open');
      for await (const { id, data } of eventsOf(body)) {
        headers = { ...headers, 'last-event-id': id };
        if (sayItem(JSON.parse(data))) return;
      }
    } catch (failure) {
      if (first) throw failure;
    }
    await pause(200);
  }
}

/** A token by the plain form, for the libraries that have nothing of their own for it. */
export async function tokenByForm() {
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: credentials.id, client_secret: credentials.secret }),
  });
  return (await answer.json()).access_token;
}
