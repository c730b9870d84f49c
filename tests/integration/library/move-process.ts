// Moves a folder of models in a process of its own, slowly, so that a test can kill it at any moment.
import * as files from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { moveFolder } from '../../../src/main/models/library/move-folder.ts';

const [from = '', to = '', settingsFile = '', mode = ''] = process.argv.slice(2);

const slowly = async <T>(step: () => Promise<T>): Promise<T> => {
  await sleep(5);
  return step();
};
const say = (word: string) => process.stdout.write(`${word}\n`);

say('begun');
await moveFolder(
  {
    from,
    to,
    files: {
      ...files,
      link: (...paths) => (mode === 'copy' ? Promise.reject(new Error('EXDEV')) : slowly(() => files.link(...paths))),
      unlink: (file) => slowly(() => files.unlink(file)),
      mkdir: ((...given: Parameters<typeof files.mkdir>) => slowly(() => files.mkdir(...given))) as typeof files.mkdir,
    },
    pauseEngine: () => Promise.resolve(() => Promise.resolve()),
    useFolder(folder) {
      writeFileSync(settingsFile, folder);
      return Promise.resolve();
    },
    useFolderBefore: () => Promise.reject(new Error('nothing fails here')),
  },
  { signal: new AbortController().signal, step: say, done: () => undefined },
);
say('done');
