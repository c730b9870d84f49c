// Looking at models and engines asks nobody: the pages Models and Engine, the catalogue and an own file, with the ways out watched.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { makeStandInOllama } from '../support/stand-in-ollama/index.ts';
import { expect, root, test } from './support/hearth.ts';
import { sentByChromium, watchNetwork } from './support/network-watch.ts';
import { screen } from './support/screen.ts';

test('the engine, its choice and its log, the catalogue and a file looked into: all of it stays on this computer', async ({
  home,
  start,
}) => {
  const file = path.join(home, 'tiny.gguf');
  cpSync(path.join(root, 'tests/fixtures/tiny.gguf'), file);
  const program = await makeStandInOllama(path.join(home, 'bin'));
  const network = await watchNetwork(home);
  const netLog = path.join(home, 'net-log.json');
  const hearth = await start({ HEARTH_OLLAMA: program, ...network.env }, [
    ...network.switches,
    `--log-net-log=${netLog}`,
  ]);
  const { app, window } = hearth;
  await screen(window).openSettings('Engine');
  await expect(window.getByRole('region', { name: 'State of the engine' })).toContainText('Ready');
  // To choose is not to fetch: what it costs is told without asking anybody.
  await window.getByRole('radio', { name: /Install Ollama for me/ }).click();
  await expect(window.getByText(/^From github\.com\. Needs .* of disk/)).toBeVisible();
  await window.getByRole('radio', { name: /Use the Ollama of this computer/ }).click();
  await window.getByText('More settings').click();

  await window.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'Models' }).click();
  const catalogue = window.getByRole('table', { name: 'Catalogue' });
  await window.getByRole('radio', { name: 'All' }).click();
  await catalogue
    .getByRole('button', { name: /^About / })
    .first()
    .click();
  await expect(window.getByRole('dialog')).toBeVisible();
  await window.keyboard.press('Escape');
  await app.evaluate(({ dialog }, picked) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [picked] });
  }, file);
  await window.getByRole('button', { name: 'Import a file' }).click();
  await expect(window.getByRole('dialog', { name: 'Add a model file' })).toContainText('Architecture');
  await window.keyboard.press('Escape');
  // A name that no list holds is offered; nobody is asked whether there is such a model before somebody wants it.
  await window.getByRole('searchbox', { name: 'Find a model' }).fill('hf.co/owner/name');
  await expect(window.getByRole('button', { name: 'Download hf.co/owner/name' })).toBeVisible();
  await hearth.quit();

  expect(network.seen()).toContain('connect 127.0.0.1');
  expect(network.left()).toEqual([]);
  expect(sentByChromium(netLog)).toEqual([]);
  network.close();
});
