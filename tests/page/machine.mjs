// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the nasready authors
//
// A recorded machine that comes to life: a copy whose counters move, and an agent that reads it.
import {spawn} from 'node:child_process';
import {cpSync, mkdtempSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

const program = process.env.NASREADY ?? 'build/nasready';
const RECORDING = new URL('../machines/raidiator-5.3/', import.meta.url);
const BLOCK = 4096;

const monotonicMs = () => Number(process.hrtime.bigint() / 1000000n);

// address of a client as /proc/net/tcp writes it
const hex = address => address.split('.').reverse().map(part => (+part).toString(16).padStart(2, '0')).join('').toUpperCase();

export class Machine {
  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'nasready-page-'));
    this.root = join(this.dir, 'root');
    cpSync(RECORDING, this.root, {recursive: true});
    this.atMs = 0;
    this.received = 1e9;
    this.sent = 1e9;
    this.ticks = {user: 1e6, system: 1e6, idle: 1e8, iowait: 1e5};
    this.free = 912441000;
    // what it does: Mbit/s, percent, blocks per second
    this.does = {in: 0.4, out: 0.2, busy: 4, iowait: 1, takes: 0};
    this.clients = [];
    this.clockAheadMs = 0;
  }

  write(path, text) {
    const file = join(this.root, path);
    mkdirSync(join(file, '..'), {recursive: true});
    writeFileSync(file + '.new', text);
    renameSync(file + '.new', file); // the agent never sees half of it
  }

  // lets time pass up to `ms` before now
  step(agoMs = 0) {
    const now = monotonicMs() - agoMs, seconds = this.atMs ? (now - this.atMs) / 1000 : 0, does = this.does;
    this.atMs = now;
    this.received += does.in * 125000 * seconds;
    this.sent += does.out * 125000 * seconds;
    this.ticks.system += does.busy * seconds;
    this.ticks.iowait += does.iowait * seconds;
    this.ticks.idle += (100 - does.busy - does.iowait) * seconds;
    this.free -= does.takes * seconds;
    const whole = Math.floor, ticks = this.ticks;
    this.write('proc/net/dev', 'Inter-|   Receive                                                |  Transmit\n' +
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n' +
      `  eth0:${whole(this.received)} 1 3 17 0 0 0 41822 ${whole(this.sent)} 1 0 0 0 0 0 0\n`);
    this.write('proc/stat', `cpu  ${ticks.user} 0 ${whole(ticks.system)} ${whole(ticks.idle)} ${whole(ticks.iowait)} 0 0 0 0\n` +
      `cpu0 ${ticks.user} 0 ${whole(ticks.system)} ${whole(ticks.idle)} ${whole(ticks.iowait)} 0 0 0 0\nbtime 1767225600\n`);
    this.write('answers/statfs', `root ${BLOCK} 1032182 611207 558776\nc ${BLOCK} 1449551872 ${whole(this.free)} ${whole(this.free)}\n`);
    this.write('proc/net/tcp', '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n' +
      this.clients.map((client, i) => `   ${i}: 0A01A8C0:01BD ${hex(client)}:C001 01 00000000:00000000 00:00000000 00000000     0        0 1 1\n`).join(''));
    this.write('answers/time', `${now} ${Math.round(Date.now() - agoMs + this.clockAheadMs)}\n`);
  }

  live() {
    this.step();
    this.pulse = setInterval(() => this.step(), 250);
  }

  // as long ago as this machine is up, at most a day: no clock that the agent reads goes below zero
  get pastMs() {
    return Math.min(24 * 3600000, monotonicMs() - 60000);
  }

  // the agent is made to believe that it watched since then; `plan(part)`: what the machine did, 1 at first, 0 now
  async past(agent, steps, plan) {
    for (let left = steps, all = this.pastMs; left > 0; left--) {
      const agoMs = Math.round(all * left / steps);
      Object.assign(this.does, plan(left / steps));
      this.step(agoMs);
      await (await agent.ask('/v1/status')).text();
      await sleep(60);
    }
  }

  rewrite(path, change) {
    this.write(path, change(readFileSync(join(this.root, path), 'utf8')));
  }

  end() {
    clearInterval(this.pulse);
    rmSync(this.dir, {recursive: true, force: true});
  }
}

const freePort = () => new Promise(resolve => {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => resolve(port));
  });
});

export class Agent {
  static async start(machine, port) {
    const agent = new Agent();
    agent.port = port ?? await freePort();
    agent.url = `http://127.0.0.1:${agent.port}`;
    const state = join(machine.dir, 'state');
    mkdirSync(state, {recursive: true});
    agent.process = spawn(program, ['serve', '--root', machine.root, '--listen', `127.0.0.1:${agent.port}`,
      '--state-dir', state, '--user', 'nobody', '--log', 'stderr'], {stdio: ['ignore', 'ignore', 'pipe']});
    agent.log = '';
    agent.process.stderr.on('data', data => agent.log += data);
    for (let i = 0; i < 100; i++) {
      if ((await agent.ask('/v1/ready').catch(() => null))?.ok) return agent;
      await sleep(50);
    }
    throw new Error(`the agent does not answer: ${agent.log}`);
  }

  ask(path) {
    return fetch(this.url + path, {signal: AbortSignal.timeout(5000)});
  }

  async stop() {
    const gone = new Promise(resolve => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await gone;
  }
}
