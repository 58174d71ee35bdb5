// ws: a WebSocket that goes on with the cursor of the last message; the token is in its header.
import WebSocket from 'ws';
import { pause, restrictedPage, say, sayItem, streamUrl, tokenByForm, walk } from './common.mjs';

await walk(async (url) => (await fetch(url)).json());

// The same refusal that a page gets, before any upgrade.
say('refused', await new Promise((resolve) => new WebSocket(streamUrl).on('unexpected-response', (_, answer) => resolve(answer.statusCode))));
const headers = { authorization: `Bearer ${await tokenByForm()}` };
say('restricted', (await (await fetch(restrictedPage, { headers })).json()).data.length);

let cursor = '';
function read() {
  return new Promise((closed) => {
    const socket = new WebSocket(`${streamUrl}?times=1${cursor && `&cursor=${cursor}`}`, { headers });
    socket.on('open', () => cursor || say('open'));
    socket.on('message', (text) => {
      const message = JSON.parse(text);
      cursor = message.cursor;
      if (sayItem(message.item)) process.exit();
    });
    socket.on('error', () => {});
    socket.on('close', closed);
  });
}
for (;;) {
  await read();
  await pause(200);
}
