// The document that the server describes itself with: valid OpenAPI 3.1, and true. Every answer, of every call and every way of
// being refused, has to be one that it announces, with a body of that schema.
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import WebSocket from 'ws';
import { tokenByForm } from './common.mjs';

const base = process.env.IOTMAN_URL;
const admin = { authorization: `Bearer ${process.env.IOTMAN_ADMIN_TOKEN}` };
let failures = 0;
let answers = 0;

function check(good, complaint) {
  if (!good) console.log(`FAILED: ${complaint}`);
  failures += !good;
}

async function manage(method, path, body) {
  const answer = await fetch(`${base}/api/${path}`, { method, headers: admin, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

async function description(headers = {}) {
  const answer = await fetch(`${base}/openapi.json`, { headers });
  check(answer.status === 200 && answer.headers.get('content-type') === 'application/json', `the document came with ${answer.status}`);
  const document = await answer.json();
  const validated = await new Validator().validate(structuredClone(document));
  check(validated.valid, `the document is not OpenAPI: ${JSON.stringify(validated.errors)?.slice(0, 2000)}`);
  return document;
}

/** Follows a reference into the document. */
const resolved = (document, part) => (part?.$ref ? part.$ref.slice(2).split('/').reduce((at, name) => at[name], document) : part);

class Announced {
  constructor(document) {
    this.document = document;
    this.ajv = formats(new Ajv({ strict: false, allErrors: true }));
    this.ajv.addSchema(document, 'document');
  }

  /** Is this answer one that the operation announces? */
  check(path, method, name, status, type, text) {
    answers += 1;
    const call = `${method} ${path}, ${name}:`;
    const operation = this.document.paths[path]?.[method];
    if (!operation) return check(false, `${call} there is no such operation`);
    const response = resolved(this.document, operation.responses[status]);
    if (!response) return check(false, `${call} ${status} is not announced: ${text.slice(0, 200)}`);
    if (text === undefined || (!text && !response.content)) return;
    const media = response.content?.[type.split(';')[0]];
    if (!media) return check(false, `${call} ${status} as ${type} is not announced`);
    if (!/[/+]json$/.test(type.split(';')[0])) return;
    const valid = this.validator(operation, status, type)(JSON.parse(text));
    check(valid, `${call} ${JSON.stringify(this.validator(operation, status, type).errors?.slice(0, 3))} in ${text.slice(0, 200)}`);
  }

  validator(operation, status, type) {
    const key = `${operation.operationId} ${status} ${type}`;
    this.validators ??= new Map();
    if (!this.validators.has(key)) {
      const media = resolved(this.document, operation.responses[status]).content[type];
      this.validators.set(key, this.ajv.compile(JSON.parse(JSON.stringify(media.schema).replaceAll('"#/', '"document#/'))));
    }
    return this.validators.get(key);
  }

  async ask(path, method, name, options = {}, query = '') {
    const answer = await fetch(base + path + query, { method, signal: AbortSignal.timeout(10000), ...options });
    const type = answer.headers.get('content-type') ?? '';
    const endless = type.startsWith('text/event-stream');
    const text = endless ? undefined : await answer.text();
    if (endless) await answer.body.cancel();
    this.check(path, method, name, answer.status, type, text);
    return { status: answer.status, text };
  }

  async open(path, name, options, query = '') {
    const [status, text, type] = await new Promise((resolve) => {
      const socket = new WebSocket(base.replace('http', 'ws') + path + query, options);
      socket.on('open', () => resolve([101]));
      socket.on('unexpected-response', async (_, answer) => resolve([answer.statusCode, Buffer.concat(await answer.toArray()).toString(), answer.headers['content-type']]));
    });
    this.check(path, 'get', name, status, type, text);
  }
}

const token = (headers) => ({ headers });

async function pages(announced, path, guards) {
  let query = '?limit=1000';
  while (query) {
    const { text } = await announced.ask(path, 'get', 'a page of the walk', token(guards.good), query);
    const next = JSON.parse(text).next_page;
    query = next && new URL(next).search;
  }
  const good = (name, query, headers = {}) => announced.ask(path, 'get', name, token({ ...guards.good, ...headers }), query);
  await good('with times', '?times=1&limit=3');
  await good('an empty range', '?from=1&to=0');
  await good('CSV', '?limit=3', { accept: 'text/csv' });
  await good('NDJSON', '?limit=3', { accept: 'application/x-ndjson' });
  for (const query of ['limit=0', 'limit=1&limit=2', 'from=1700000000000', 'to=x', 'cursor=x', 'times=2']) await good(query, `?${query}`);
}

async function streams(announced, path, guards) {
  await announced.ask(`${path}/events`, 'get', 'opened', token(guards.good));
  for (const query of ['from=x', 'cursor=x', 'times=x']) await announced.ask(`${path}/events`, 'get', query, token(guards.good), `?${query}`);
  await announced.ask(`${path}/events`, 'get', 'another Last-Event-ID', token({ ...guards.good, 'last-event-id': 'x' }));
  await announced.ask(`${path}/stream`, 'get', 'without an upgrade', token(guards.good));
  await announced.open(`${path}/stream`, 'opened', token(guards.good));
  await announced.open(`${path}/stream`, 'a cursor that is none', token(guards.good), '?cursor=x');
  await announced.open(`${path}/stream`, 'a page of elsewhere', token({ ...guards.good, origin: 'https://evil.example' }));
}

async function refusals(announced, path, method, guards) {
  if (!guards.scope) return;
  for (const part of method === 'post' ? [''] : ['', '/events']) {
    await announced.ask(path + part, method, 'without a token', { body: method === 'post' ? '{}' : undefined });
    await announced.ask(path + part, method, 'with a bad one', { headers: { authorization: 'Bearer x' }, body: method === 'post' ? '{}' : undefined });
    await announced.ask(path + part, method, 'with the wrong scope', { headers: guards.other, body: method === 'post' ? '{}' : undefined });
  }
  if (method === 'get') await announced.open(`${path}/stream`, 'without a token', {});
}

async function ingest(announced, path, guards) {
  const send = (name, body, headers = {}) => announced.ask(path, 'post', name, { headers: { ...guards.good, ...headers }, body });
  await send('an object', '{"a":1}');
  await send('an array', '[{"a":1},{"a":2}]');
  await send('NDJSON', '{"a":1}\n{"a":2}\n', { 'content-type': 'application/x-ndjson' });
  await send('nothing', '');
  await send('no JSON', '{"a":');
  await send('a number', '5');
  await send('a page of elsewhere', '{}', { origin: 'https://evil.example' });
  await send('too much', ' '.repeat(33 << 20));
  await send('too much of one', `{"a":"${'x'.repeat(2 << 20)}"}`);
  await send('a key', '{"a":1}', { 'idempotency-key': 'k' });
  await send('the key again', '{"a":1}', { 'idempotency-key': 'k' });
  await send('the key for something else', '{"a":2}', { 'idempotency-key': 'k' });
  await send('no key', '{"a":2}', { 'idempotency-key': ' ' });
  await send('compressed', '{"a":2}', { 'content-encoding': 'gzip' });
  await send('an odd type', '{"a":2}', { 'content-type': 'application/json;charset=latin1' });
}

await manage('POST', 'scopes', { name: 'other:read' });
await manage('POST', 'sources', { name: 'open', kind: 'http' });
await manage('POST', 'sources', { name: 'guarded', kind: 'http', required_scope: 'sensor:read' });
await manage('POST', 'outputs', { name: 'Sent', sources: ['open', 'guarded'], rule: '$' });
await manage('POST', 'endpoints', { id: 'sent', output: 'Sent' });
const changed = await manage('POST', 'outputs', { name: 'Changed', sources: ['open'], rule: '{ a: $.a }' });
await manage('POST', 'endpoints', { id: 'changed', output: 'Changed' });
for (const body of ['{"a":1,"b":"x","c":null,"d":[1,"x",{}],"e":{"f":1.5}}', '{"a":"text","b":2,"z":true}', '{"온도":1,"":2}'])
  await fetch(`${base}/data/in/open`, { method: 'POST', body });
// Items of two rules stand side by side.
await manage('PATCH', `outputs/${changed.id}`, { rule: '{ b: $.b }' });
await fetch(`${base}/data/in/open`, { method: 'POST', body: '{"b":true}' });
const other = await manage('POST', 'clients', { name: 'Other', scopes: ['other:read'] });
const otherToken = (await manage('POST', `clients/${other.id}/token`)).access_token;

const everyone = await description();
check(!Object.keys(everyone.paths).some((path) => path.includes('restricted') || path.endsWith('guarded')), 'everyone is told of what is restricted');
const document = await description(admin);
const announced = new Announced(document);
const good = { authorization: `Bearer ${await tokenByForm()}` };
for (const [path, item] of Object.entries(document.paths)) {
  const [method] = Object.keys(item).filter((verb) => ['get', 'post'].includes(verb));
  const scope = item[method].security?.[0]?.oauth2?.[0];
  const guards = { scope, good: scope ? good : {}, other: { authorization: `Bearer ${otherToken}` } };
  if (path.endsWith('/events') || path.endsWith('/stream')) continue;
  if (method === 'post') await ingest(announced, path, guards);
  else if (path.startsWith('/data/out/')) {
    await pages(announced, path, guards);
    await streams(announced, path, guards);
  } else await announced.ask(path, method, 'as it is');
  await refusals(announced, path, method, guards);
}
// What the document still says, and the server no longer does.
await manage('PATCH', 'endpoints/sent', { enabled: false });
await announced.ask('/data/out/sent', 'get', 'switched off');
await announced.ask('/data/out/sent/events', 'get', 'switched off');

console.log(`${Object.keys(document.paths).length} paths, ${answers} answers, ${failures} failures`);
process.exit(failures ? 1 : 0);
