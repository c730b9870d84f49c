// The installation in the whole of main: asked for by a window, used at once, removed again.
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createRouter } from '../../../src/main/ipc/index.ts';
import { createServices, type Services } from '../../../src/main/services.ts';
import { assetFor } from '../../../src/main/ollama/install/releases.ts';
import { noDesktop } from '../../support/no-desktop.ts';
import { archiveOf } from '../../support/release-mirror/archives.ts';
import { startReleaseMirror } from '../../support/release-mirror/index.ts';
import { releaseEntries } from '../../support/release-mirror/scene.ts';
import { makeStandInOllama } from '../../support/stand-in-ollama/index.ts';
import { temporaryFolder } from '../../support/storage.ts';

const source = (file: string) => new URL(`../../../${file}`, import.meta.url);
const asset = assetFor(process.platform, process.arch);

const answering = (word: string, version: string) => ({ version, replay: { answer: { tokens: [word] } } });

async function answerOf({ backends }: Services): Promise<string> {
  const { signal } = new AbortController();
  const plan = await backends.plan({}, signal);
  let answer = '';
  for await (const event of backends.run(plan, { messages: [{ role: 'user', content: 'hello' }] }, signal))
    if (event.type === 'text') answer += event.text;
  return answer;
}

// The stand-in program is a shell script.
it.skipIf(asset === null || process.platform === 'win32')(
  'a window installs an Ollama, Hearth uses it, and forgets it when it is removed',
  async () => {
    const { name = '', program = '' } = asset ?? {};
    const mirror = await startReleaseMirror();
    onTestFinished(() => mirror.close());
    mirror.publish('9.9.9', { [name]: archiveOf(name, await releaseEntries(answering('ours', '9.9.9'), { program })) });
    const folder = temporaryFolder();
    const found = temporaryFolder();
    const foundProgram = await makeStandInOllama(found, answering('theirs', '0.1.0'));
    const services = await createServices({
      folder,
      env: { PATH: found, OLLAMA_HOST: '127.0.0.1:9' },
      programs: {
        storageWorker: source('src/main/storage/worker.ts'),
        llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
        appRoot: fileURLToPath(source('.')),
      },
      version: 'test',
      retryInUseMs: null,
      resumesDownloads: true,
    });
    onTestFinished(() => services.stop());
    await services.settings.set({ install: { baseUrl: mirror.url } });
    await services.start();
    const client = createRouterClient(createRouter(services, noDesktop), { context: { client: 'window' } });

    expect(await answerOf(services)).toBe('theirs');
    expect((await client.install.status()).state).toBe('none');
    await client.install.start({ release: 'newest' });
    await vi.waitFor(async () => expect((await client.install.status()).state).toBe('installed'), { timeout: 20_000 });
    expect(services.settings.get().engine.use).toBe('own');
    // The one that ran before makes way.
    expect(await answerOf(services)).toBe('ours');
    expect(await client.engine.status()).toMatchObject({
      state: 'ready',
      owner: 'hearth',
      version: '9.9.9',
      program: services.installer.program(),
    });
    // Nothing is answered, so nothing stands in the way of its removal.
    expect((await client.install.remove()).state).toBe('none');
    expect(services.installer.program()).toBeNull();
    await vi.waitFor(() => expect(services.settings.get().engine.use).toBe('found'));
    expect(await answerOf(services)).toBe('theirs');
    expect((await client.engine.status()).program).toBe(foundProgram);
  },
);
