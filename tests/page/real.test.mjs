// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the nasready authors
//
// The page while space is really taken: an ext4 of 5.4 TiB in a sparse file, and fallocate(2) on it. Needs root.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {drawn, launch, openPage, shoot} from './browser.mjs';
import {Agent} from './machine.mjs';

const SIZE = 5937362788352, STEP = '1000000000000';
const able = process.getuid() === 0 && existsSync('/dev/loop-control');
const run = (...command) => execFileSync(command[0], command.slice(1), {encoding: 'utf8'}).trim();
const quietly = (...command) => { try { run(...command); } catch { /* was never made */ } };

test('during a real allocation', {skip: !able && 'needs root and loop devices', timeout: 300000}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'nasready-real-')), image = join(dir, 'image'), mount = join(dir, 'big');
  let agent, browser, loop;
  try {
    mkdirSync(mount);
    writeFileSync(image, '');
    truncateSync(image, SIZE);
    run('mkfs.ext4', '-q', '-m', '0', '-E', 'lazy_itable_init=1,lazy_journal_init=1', image);
    loop = run('losetup', '--find', '--show', image);
    run('mount', '-o', 'noinit_itable', loop, mount);
    agent = await Agent.start({dir, root: '/'});
    browser = await launch();
    const {context, page, bad} = await openPage(browser, agent);
    await drawn(page);
    const volume = page.locator('.card', {hasText: mount}), answer = page.locator('#answer');
    await volume.getByText(/idle, settled/).waitFor({timeout: 60000});
    let ended = false;
    const child = spawn('sh', ['-c', 'for i in 1 2 3 4; do fallocate -l "$1" "$0/$i.vhdx" || exit 1; done', mount, STEP]);
    child.once('exit', code => ended = code === 0 ? 'well' : 'badly');
    await page.locator('.now').getByText(/Allocating on volume/).waitFor({timeout: 60000});
    assert.equal(await answer.getAttribute('data-answer'), 'wait');
    await shoot(page, 'real-allocation');
    assert.match(await page.locator('main').innerText(), /allocating/);
    while (!ended) await sleep(200);
    assert.equal(ended, 'well');
    await volume.getByText(/idle, settled/).waitFor({timeout: 90000});
    assert.doesNotMatch(await page.locator('.now').innerText(), /Allocating/);
    assert.deepEqual(bad, []);
    await context.close();
  } finally {
    await browser?.close();
    await agent?.stop();
    quietly('umount', mount);
    if (loop) quietly('losetup', '--detach', loop);
    rmSync(dir, {recursive: true, force: true});
  }
});
