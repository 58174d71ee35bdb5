// The program's own judge, asked from JavaScript: it says what a browser would send, this sends it, and it says what follows.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { createInterface } from 'node:readline';

/** What a server has to answer to a WebSocket's key (RFC 6455 §4.2.2). */
export const acceptOf = (key) => createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** Sends a request as it is, to the port that stands for its URL's host; what comes back as {status, reason, headers}. */
function exchange({ method, url, headers }, portOf) {
  const { protocol, host, pathname, search } = new URL(url);
  const encrypted = protocol === 'https:' || protocol === 'wss:';
  return new Promise((resolve) => {
    const request = (encrypted ? https : http).request({
      host: '127.0.0.1', port: portOf(url), path: pathname + search, method, rejectUnauthorized: false, agent: false, setHost: false,
      headers: [...headers, ['Host', host]].flat(),
    });
    const answered = (answer) => {
      const pairs = [];
      for (let i = 0; i < answer.rawHeaders.length; i += 2) pairs.push([answer.rawHeaders[i], answer.rawHeaders[i + 1]]);
      resolve({ status: answer.statusCode, reason: answer.statusMessage, headers: pairs });
      request.destroy();
    };
    request.on('response', answered).on('upgrade', answered).on('error', ({ message }) => resolve({ status: 0, reason: message, headers: [] }));
    request.end();
  });
}

export class Judge {
  constructor(program) {
    this.process = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async say(json) {
    this.process.stdin.write(`${JSON.stringify(json)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the judge ended');
    return JSON.parse(value);
  }

  /** {verdict, headline, notes} for {page, way, url, token, list}. */
  async verdict(question, portOf) {
    const key = randomBytes(16).toString('base64');
    let said = await this.say({ ...question, key, accept: acceptOf(key) });
    while (said.ask) said = await this.say(await exchange(said.ask, portOf));
    return said;
  }

  end() {
    this.process.stdin.end();
  }
}
