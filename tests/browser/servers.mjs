// What stands behind the names of the situations: pages, the real server with and without TLS, and one that answers as it is told.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { acceptOf } from './judge.mjs';

const folder = mkdtempSync(join(tmpdir(), 'iotman-browser-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const keyFile = join(folder, 'key.pem');
const certificateFile = join(folder, 'certificate.pem');

export function makeCertificate() {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=tests',
    '-addext', 'subjectAltName=DNS:*.example', '-keyout', keyFile, '-out', certificateFile], { stdio: 'ignore' });
}

const tls = () => ({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) });
const listening = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

const page = '<!doctype html><title>page</title><iframe sandbox="allow-scripts" srcdoc="<title>frame</title>"></iframe>';

/** Two ports with the same empty page at every address. */
export async function servePages() {
  const answer = (_, response) => response.setHeader('Content-Type', 'text/html').end(page);
  return { plain: await listening(http.createServer(answer)), encrypted: await listening(https.createServer(tls(), answer)) };
}

/** A port that leads to another: the same server, elsewhere. */
export function serveElsewhere(port) {
  return listening(net.createServer((client) => {
    const server = net.connect(port, '127.0.0.1');
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  }));
}

/** Answers a request for /N by `situation(N)`: from the first of its answers on, or from that of ?hop=; the next one to a GET
 * behind a preflight. “@” is N in an address, and the answer to its key in a WebSocket's head. */
export async function serveScript(situation) {
  const scripted = ({ url, method }) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const number = Number(pathname.match(/^\/(\d+)/)?.[1]);
    const { answers, way } = situation(number) ?? { answers: [] };
    const at = Number(searchParams.get('hop') ?? 0) + (way === 'token' && method !== 'OPTIONS');
    const { status, headers } = answers[at] ?? answers.at(-1) ?? { status: 500, headers: [] };
    return { status, headers: headers.map(([name, value]) => [name, name === 'Location' ? value.replace('@', number) : value]) };
  };
  const server = http.createServer((request, response) => {
    const { status, headers } = scripted(request);
    response.writeHead(status, headers.flat());
    response.end(status === 204 ? '' : '{}');
  });
  server.on('upgrade', (request, socket) => {
    const { status, headers } = scripted(request);
    const told = headers.map(([name, value]) => `${name}: ${value === '@' ? acceptOf(request.headers['sec-websocket-key']) : value}\r\n`);
    socket.write(`HTTP/1.1 ${status} Told\r\n${told.join('')}\r\n`);
    if (status !== 101) socket.end();
    socket.on('error', () => {});
  });
  return listening(server);
}

/** A real server; `manage` asks its management API as an admin. */
export async function startServer(options = [], encrypted = false) {
  const server = spawn(process.env.IOTMAN_SERVER,
    ['serve', '--ephemeral', '--listen', '127.0.0.1:0', ...options, ...(encrypted ? ['--tls-cert', certificateFile, '--tls-key', keyFile] : [])],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  process.on('exit', () => server.kill());
  const words = {};
  for await (const line of createInterface({ input: server.stdout })) {
    const [word, ...rest] = line.split(' ');
    words[word] = rest.at(-1);
    if (word === 'ready') break;
  }
  const { port } = new URL(words.ready);
  const ask = (method, path, headers, body) =>
    new Promise((resolve, reject) => {
      const request = (encrypted ? https : http).request({ host: '127.0.0.1', port, path, method, headers, rejectUnauthorized: false }, async (answer) => {
        const text = Buffer.concat(await answer.toArray()).toString();
        answer.statusCode < 300 ? resolve(text && JSON.parse(text)) : reject(new Error(`${method} ${path}: ${text}`));
      });
      request.on('error', reject).end(body);
    });
  const basic = Buffer.from(`admin@localhost:${words.admin}`).toString('base64');
  const { access_token: token } = await ask('POST', '/oauth/token', { authorization: `Basic ${basic}` }, 'grant_type=client_credentials');
  const manage = (method, path, body) => ask(method, `/api/${path}`, { authorization: `Bearer ${token}` }, JSON.stringify(body));
  await manage('POST', 'scopes', { name: 'x:read' });
  await manage('POST', 'scopes', { name: 'other:read' });
  await manage('POST', 'outputs', { name: 'x', rule: '$' });
  await manage('POST', 'endpoints', { id: 'x', output: 'x' });
  await manage('POST', 'endpoints', { id: 'guarded', output: 'x', required_scope: 'x:read' });
  const tokenFor = async (scope) => {
    const { id } = await manage('POST', 'clients', { name: scope, scopes: [scope] });
    return (await manage('POST', `clients/${id}/token`)).access_token;
  };
  return { port, manage, tokens: { good: await tokenFor('x:read'), other: await tokenFor('other:read') } };
}
