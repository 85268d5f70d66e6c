// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of the lab's servers share: a directory with the lab's certificates, a server in it, requests to it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_MS = 10_000;
const certs = fileURLToPath(new URL('../certs.sh', import.meta.url));

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A server that is ready when it says so; `output` is all that it printed. */
export class TestServer {
  dir = mkdtempSync(join(tmpdir(), 'lab-'));
  output = '';
  #process = null;
  #ca;

  constructor() {
    execFileSync(certs, [join(this.dir, 'tls')]);
    this.#ca = readFileSync(join(this.dir, 'tls/ca.pem'));
  }

  file(name) {
    return join(this.dir, name);
  }

  async start(script, env) {
    this.port = await freePort();
    this.origin = `https://localhost:${this.port}`;
    this.#process = spawn(process.execPath, [script], {
      env: {
        PATH: process.env.PATH,
        PORT: String(this.port),
        TLS_CERT: this.file('tls/server.pem'),
        TLS_KEY: this.file('tls/server.key'),
        ...env,
      },
    });
    await this.#ready();
  }

  #ready() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not ready: ${this.output}`)), START_MS);
      const take = (data) => {
        this.output += data;
        if (!this.output.includes('ready')) return;
        clearTimeout(timer);
        resolve();
      };
      this.#process.stdout.on('data', take);
      this.#process.stderr.on('data', take);
      this.#process.on('exit', (code) => reject(new Error(`exit ${code}: ${this.output}`)));
    });
  }

  stop() {
    this.#process?.kill();
    rmSync(this.dir, { recursive: true });
  }

  /** {status, headers, text, json()}; `body` is a text. */
  request(method, path, { body, headers = {} } = {}) {
    const options = {
      host: '127.0.0.1', port: this.port, servername: 'localhost', ca: this.#ca, method, path,
      headers: { Host: `localhost:${this.port}`, ...headers },
    };
    return new Promise((resolve, reject) => {
      const req = https.request(options, (res) => {
        let text = '';
        res.on('data', (data) => { text += data; });
        res.on('end', () => resolve({
          status: res.statusCode, headers: res.headers, text, json: () => JSON.parse(text),
        }));
      });
      req.on('error', reject);
      req.end(body);
    });
  }
}
