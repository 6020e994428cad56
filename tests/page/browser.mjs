// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the nasready authors
//
// What the tests of the page share: the browser, a page that notes what it should not do, screenshots to OUT.
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {chromium} from 'playwright-core';

const OUT = process.env.OUT ?? 'build/page';
// each run of the browser gets a profile of its own from playwright
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
export const WIDE = {width: 1440, height: 900}, NARROW = {width: 360, height: 740};

export function launch() {
  mkdirSync(OUT, {recursive: true});
  return chromium.launch({executablePath: '/usr/bin/chromium', headless: true, args: FLAGS});
}

// `bad`: complaints, and requests to anybody but the agent
export async function openPage(browser, agent, options = {}, path = '/') {
  const context = await browser.newContext({viewport: WIDE, ...options});
  const page = await context.newPage(), bad = [];
  page.on('console', message => ['error', 'warning'].includes(message.type()) && bad.push(message.text()));
  page.on('pageerror', error => bad.push(String(error)));
  page.on('request', request => request.url().startsWith(agent.url + '/') || bad.push(`asks ${request.url()}`));
  await page.goto(agent.url + path, {waitUntil: 'load'});
  return {context, page, bad};
}

export const shoot = (page, name, whole = true) => page.screenshot({path: join(OUT, `${name}.png`), fullPage: whole});

export const drawn = page => page.waitForFunction(() => document.querySelectorAll('#plots canvas').length >= 4);
