// Every situation of situations.jsonl, put to Chromium and to the program's own judge, both with real requests to real servers.
// Prints what each of them says; ends with 1 where they differ. Usage: node run.mjs [PART OF A NAME]
// All servers are on this computer. For the situations that are “away”, Chromium is told that pages come from the web and that
// the names of the network lead there; each is tried with and without the leave that its user gives.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { chromium } from 'playwright-core';
import { Judge } from './judge.mjs';
import { makeCertificate, serveElsewhere, servePages, serveScript, startServer } from './servers.mjs';

const lines = readFileSync(new URL('situations.jsonl', import.meta.url), 'utf8').trim().split('\n');
const situations = lines.map((line, number) => ({ number, server: 'http://127.0.0.1:8787', ...JSON.parse(line) }));

makeCertificate();
const hosts = ['gw.example', '192.168.1.20', 'printer.local', 'a.localhost'].flatMap((host) => ['--host', host]);
const plain = await startServer(hosts);
const encrypted = await startServer(hosts, true);
const pages = await servePages();
const network = await serveElsewhere(plain.port);
const script = await serveScript((number) => situations[number]);

/** The port of 127.0.0.1 that stands for an address: pages at the usual ports, servers at 8787, told answers at 8788. */
const ports = new Map([
  ['gw.example:443', encrypted.port],
  ...['gw.example:8787', '192.168.1.20:8787', 'printer.local:8787'].map((host) => [host, network]),
  ...Object.entries({ 8787: plain.port, 8788: script, 443: pages.encrypted, 8443: pages.encrypted, 80: pages.plain, 3000: pages.plain }),
]);
function portOf(url) {
  const { protocol, hostname, port } = new URL(url);
  const number = port || (/s:$/.test(protocol) ? '443' : '80');
  return ports.get(`${hostname}:${number}`) ?? ports.get(number);
}
const names = [...ports].map(([from, to]) => `MAP ${from.includes(':') ? from : `*:${from}`} 127.0.0.1:${to}`);

/** The URL that a situation asks for. */
function urlOf({ server, way, scope, answers, number }) {
  const base = answers ? `http://127.0.0.1:8788/${number}` : `${server}/data/out/${scope ? 'guarded' : 'x'}`;
  return (way === 'stream' ? base.replace('http', 'ws') : base) + ({ stream: '/stream', events: '/events' }[way] ?? '?limit=1');
}

/** Runs inside the page. */
async function tryToRead({ way, url, token }) {
  const withToken = token ? `${url}?access_token=${token}` : url;
  try {
    if (way === 'fetch' || way === 'token') {
      const answer = await fetch(url, { ...(way === 'token' && { headers: { Authorization: `Bearer ${token}` } }), signal: AbortSignal.timeout(5000) });
      return answer.status < 400 ? 'reads' : 'error';
    }
    return await new Promise((resolve) => {
      const source = way === 'events' ? new EventSource(withToken) : new WebSocket(withToken);
      setTimeout(resolve, 5000, 'nothing');
      source.onopen = () => resolve('reads') ?? source.close();
      source.onerror = () => resolve('blocked') ?? source.close();
    });
  } catch {
    return 'blocked';
  }
}

/** The frame of a page of that origin. */
async function open(context, { page: typed, server }) {
  const tab = await context.newPage();
  if (/^(file:|\/)/.test(typed)) {
    const path = join(tmpdir(), 'iotman-browser-page.html');
    writeFileSync(path, '<!doctype html><title>page</title>');
    await tab.goto(`file://${path}`);
  } else if (typed === 'null') {
    await tab.goto('http://frame.example/');
    return tab.frames()[1];
  } else {
    const own = new URL(typed).origin === server;
    await tab.goto(own ? `${server}/healthz` : typed);
  }
  return tab.mainFrame();
}

async function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--ignore-certificate-errors', `--host-resolver-rules=${names.join(',')}`, ...more],
  });
}

/** The user's leave for a page to reach this computer and its network; only encrypted pages can get it. */
async function allow(session, { page }) {
  const { origin } = new URL(page);
  const { targetInfos } = await session.send('Target.getTargets');
  const { browserContextId } = targetInfos.find(({ url }) => url.startsWith(origin));
  for (const name of ['local-network', 'loopback-network'])
    await session.send('Browser.setPermission', { permission: { name }, setting: 'granted', origin, browserContextId }).catch(() => {});
}

/** What Chromium does by what the judge says of it beside the verdict. */
function withLeave({ verdict, notes }, allowed) {
  const says = (words) => notes.some((note) => note.includes(words));
  if (says('only with https')) return 'blocked';
  if (says('asks its user instead')) return allowed ? 'reads' : 'blocked';
  return says('first asks its user') && !allowed ? 'blocked' : verdict;
}

let differences = 0;
function tell(name, theirs, ours) {
  differences += theirs !== ours;
  console.log(`${theirs === ours ? ' ' : '!'} ${name.padEnd(88)} ${theirs.padEnd(12)} ${ours}`);
}

const judge = new Judge(process.env.IOTMAN_JUDGE);
const here = await launch();
const spaces = { [pages.encrypted]: 'public', [pages.plain]: 'public', [network]: 'local' };
const away = await launch([`--ip-address-space-overrides=${Object.entries(spaces).map(([port, space]) => `127.0.0.1:${port}=${space}`)}`]);
const awaySession = await away.newBrowserCDPSession();

async function inChromium(situation, question, allowed) {
  const context = await (situation.away ? away : here).newContext({ ignoreHTTPSErrors: true });
  const frame = await open(context, situation);
  if (allowed) await allow(awaySession, situation);
  const seen = await frame.evaluate(tryToRead, question);
  await context.close();
  return seen;
}

console.log(`  ${'situation'.padEnd(88)} ${`Chromium ${here.version().split('.')[0]}`.padEnd(12)} ours`);
let count = 0;
for (const situation of situations) {
  if (!situation.name.includes(process.argv[2] ?? '') || situation.page.startsWith('chrome-extension:')) continue;
  count += 1;
  for (const server of [plain, encrypted]) await server.manage('PUT', 'cors', { origins: situation.list ?? [] });
  const tokens = situation.server.startsWith('https') ? encrypted.tokens : plain.tokens;
  const question = { ...situation, url: urlOf(situation), token: { none: '', bad: 'bad-TOKEN' }[situation.token] ?? tokens[situation.token] };
  const said = await judge.verdict(question, portOf);
  if (said.verdict !== situation.verdict) tell(`${situation.name}: the table`, situation.verdict, said.verdict);
  if (situation.away) {
    tell(`${situation.name}, not allowed`, await inChromium(situation, question, false), withLeave(said, false));
    tell(`${situation.name}, allowed`, await inChromium(situation, question, true), withLeave(said, true));
  } else {
    tell(situation.name, await inChromium(situation, question, false), said.verdict);
  }
}
await here.close();
await away.close();
judge.end();
console.log(`${count} situations, ${differences} differences`);
process.exit(differences ? 1 : 0);
