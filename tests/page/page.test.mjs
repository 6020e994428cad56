// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the nasready authors
//
// The health page in a real browser.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {drawn, launch, NARROW, openPage, shoot, WIDE} from './browser.mjs';
import {Agent, Machine} from './machine.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let machine, agent, browser;

const open = (options, path) => openPage(browser, agent, options, path);

// by injecting, since the page's own policy lets no other script in
async function violations(page) {
  await page.evaluate(AXE);
  const {violations: found} = await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ['violations']}));
  return found.map(one => `${one.id}: ${one.nodes.map(node => node.target).join(', ')}`);
}

before(async () => {
  machine = new Machine();
  machine.clients = ['192.168.1.20'];
  machine.step(machine.pastMs);
  agent = await Agent.start(machine);
  // from nine to three hours ago a backup came in, at first with two Explorer windows open
  await machine.past(agent, 250, part => {
    const hours = part * 24;
    const backup = hours < 9 && hours > 3;
    machine.clients = backup ? ['192.168.1.20', ...(hours > 7 ? ['192.168.1.31', '192.168.1.44'] : [])] : ['192.168.1.20'];
    const wave = Math.sin(hours * 3) + Math.sin(hours * 7.3);
    return backup ? {in: (hours > 7 ? 440 : 555) + wave * 9, out: 6, busy: 93 + wave, iowait: 3, takes: 0}
      : {in: 1 + Math.abs(wave), out: .7 + Math.abs(wave) / 2, busy: 5 + wave, iowait: 1, takes: hours > 9 ? 400 : 0};
  });
  machine.does = {in: 0.6, out: 0.3, busy: 4, iowait: 1, takes: 0};
  machine.live();
  browser = await launch();
  await sleep(5000);
});

after(async () => {
  await browser?.close();
  await agent?.stop();
  machine?.end();
});

test('loads without complaint and asks nobody else', async () => {
  const {context, page, bad} = await open();
  await drawn(page);
  const about = await page.locator('#about').innerText();
  assert.equal(await page.locator('#answer').getAttribute('data-answer'), 'go');
  assert.match(await page.locator('#answer h2').innerText(), /^Go\b.*A backup may run now/s);
  for (const title of ['Going on now', 'Findings', 'History', 'Volumes', 'SMB clients', 'Shares', 'Network', 'RAID', 'Machine', 'UPS'])
    assert.equal(await page.getByRole('heading', {name: title, exact: true, level: 2}).count(), 1, title);
  await sleep(6000); // once around
  assert.match(await page.locator('#freshness').innerText(), /^Updated .* data/);
  assert.match(await page.locator('#about').innerText(), /, up \d/);
  assert.notEqual(await page.locator('#about').innerText(), about);
  assert.deepEqual(bad, []);
  await shoot(page, 'wide');
  await context.close();
});

test('is complete without script', async () => {
  const {context, page, bad} = await open({javaScriptEnabled: false});
  assert.match(await page.locator('#answer').innerText(), /A backup may run now/);
  assert.match(await page.locator('main').innerText(), /3\.\d TB \(3\.\d\d TiB\) free of 5\.9 TB/);
  assert.match(await page.locator('#history').innerText(), /need script/);
  assert.match(await page.locator('#freshness').innerText(), /UTC/);
  assert.deepEqual(bad, []);
  await shoot(page, 'without-script');
  await context.close();
});

test('fits from 320 to 1920 pixels', async () => {
  const {context, page, bad} = await open({viewport: NARROW});
  await drawn(page);
  await shoot(page, 'narrow');
  for (const width of [320, 360, 480, 736, 768, 1024, 1440, 1920]) {
    await page.setViewportSize({width, height: 740});
    await sleep(150);
    const over = await page.evaluate(() => [...document.querySelectorAll('body *')].filter(one =>
      one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.hidden, .skip, thead')).map(one => one.outerHTML.slice(0, 80)));
    assert.deepEqual(over, [], `at ${width}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `scrolls sideways at ${width}`);
  }
  assert.deepEqual(bad, []);
  await context.close();
});

test('dark, and with reduced motion', async () => {
  const {context, page, bad} = await open({colorScheme: 'dark', reducedMotion: 'reduce'});
  await drawn(page);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(18, 23, 29)');
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.skip')).transitionDuration), '0s');
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(bad, []);
  await shoot(page, 'dark');
  await context.close();
});

test('axe finds nothing, wide and narrow', async () => {
  for (const viewport of [WIDE, NARROW]) {
    const {context, page} = await open({viewport});
    await drawn(page);
    await page.locator('summary').first().click();
    assert.deepEqual(await violations(page), []);
    await context.close();
  }
});

test('goes by keyboard, and keeps the place when it refreshes', async () => {
  const {context, page} = await open();
  await drawn(page);
  const order = [];
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab');
    order.push(await page.evaluate(() => document.activeElement.textContent.trim()));
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, 'none', order.at(-1));
  }
  assert.equal(order[0], 'To the answer');
  assert.match(order[1], /^Good to know/);
  assert.deepEqual(order.slice(2), ['10 minutes', '24 hours', 'Status as JSON', 'History as JSON', 'Metrics', 'All routes']);
  await page.locator('summary').first().focus();
  await page.keyboard.press('Enter');
  await page.evaluate(() => scrollTo(0, 300));
  const received = await page.evaluate(() => document.querySelector('#first').firstElementChild.isConnected &&
    (globalThis.old = document.querySelector('#first .now')) && true);
  assert.ok(received);
  machine.does.in = 30;
  await page.waitForFunction(() => !globalThis.old.isConnected, null, {timeout: 15000});
  assert.equal(await page.evaluate(() => document.querySelector('#good-to-know').open), true);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SUMMARY');
  assert.equal(await page.evaluate(() => Math.round(scrollY)), 300);
  machine.does.in = 0.6;
  await page.getByRole('button', {name: '10 minutes'}).press('Enter');
  await drawn(page);
  assert.equal(await page.getByRole('button', {name: '10 minutes'}).getAttribute('aria-pressed'), 'true');
  await context.close();
});

test('a backup beside its reference figures, with guests', async () => {
  machine.clients = ['192.168.1.20', '192.168.1.31'];
  Object.assign(machine.does, {in: 472, out: 5, busy: 82, iowait: 4});
  const {context, page} = await open();
  // the first window still holds some of what was before
  await page.getByText(/A backup, or as much as one, comes in at 47\d Mbit\/s, as fast as zeroing a new fixed disk/).waitFor({timeout: 20000});
  assert.match(await page.locator('.now').innerText(), /420–430 Mbit\/s/);
  await page.getByRole('button', {name: '10 minutes'}).click();
  await drawn(page);
  await shoot(page, 'backup');
  // docs/page-wide.png and docs/page-narrow.png, before pngquant
  await page.getByRole('button', {name: '24 hours'}).click();
  await drawn(page);
  for (const [name, width, height] of [['readme-wide', 1280, 1010], ['readme-narrow', 390, 1010]]) {
    await page.setViewportSize({width, height});
    await page.evaluate(() => scrollTo(0, 0));
    await sleep(500);
    await shoot(page, name, false);
  }
  await context.close();
});

test('an allocation: wait, and why', async () => {
  machine.clients = ['192.168.1.20'];
  const {context, page} = await open();
  await page.locator('#answer[data-answer=go]').waitFor({timeout: 20000});
  Object.assign(machine.does, {in: 0.4, out: 0.2, busy: 60, iowait: 20, takes: 6000000});
  await page.locator('#answer[data-answer=wait]').waitFor({timeout: 20000});
  assert.match(await page.locator('#say').textContent(), /^Wait/);
  assert.match(await page.locator('.now').innerText(), /Allocating on volume \/c/);
  await shoot(page, 'allocation');
  assert.deepEqual(await violations(page), []);
  machine.does = {in: 0.6, out: 0.3, busy: 4, iowait: 1, takes: 0};
  await context.close();
});

test('the agent goes away and comes back', async () => {
  const {context, page} = await open();
  await drawn(page);
  const port = agent.port;
  await agent.stop();
  await page.getByText(/The agent does not answer since \d/).waitFor({timeout: 20000});
  assert.ok(await page.locator('#answer').isVisible());
  await shoot(page, 'lost');
  agent = await Agent.start(machine, port);
  await page.getByText(/^Updated /).waitFor({timeout: 20000});
  await context.close();
});

test('names are shown, never interpreted', async () => {
  const name = '<img src=x onerror=alert(1)>\u202Etxt.exe&amp;"\'';
  machine.rewrite('etc/samba/smb.conf', text => `${text}\n[${'w'.repeat(80)}]\npath = /c/${'l'.repeat(180)}\n[<b>bold</b>\u202Egnp]\npath = /c/${name}\u0007\n`);
  machine.write('proc/sys/kernel/hostname', '<script>alert(1)</script>\u202Egro\n');
  const port = agent.port;
  await agent.stop();
  agent = await Agent.start(machine, port);
  const {context, page, bad} = await open({viewport: NARROW});
  page.on('dialog', dialog => bad.push(dialog.message()) && dialog.dismiss());
  await sleep(6500);
  assert.equal(await page.locator('main img, main b:text-is("bold"), h1 script').count(), 0);
  assert.match(await page.locator('h1').innerText(), /<script>alert\(1\)/);
  assert.ok(await page.locator('#rest').innerText().then(text => text.includes('<b>bold</b>')));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(bad, []);
  await shoot(page, 'names');
  await context.close();
});
