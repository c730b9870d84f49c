// Where the real program keeps a key on this computer is where it says that it does.
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src/contract/index.ts';
import { createFetch } from '../../src/main/diagnostics/index.ts';
import { RPC_PREFIX } from '../../src/main/ipc/index.ts';
import { socketPath } from '../../src/main/settings/index.ts';
import { expect, test } from './support/hearth.ts';

const KEY = 'sk-a-very-private-key-4711';

test('a key is kept as the status says, and is there after a restart', async ({ home, start }) => {
  const keys = new Set<string | undefined>();
  const server = createServer(({ headers }, response) => {
    keys.add(headers.authorization);
    response.setHeader('content-type', 'application/json').end('{"data":[{"id":"big"}]}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const fetch = createFetch({ purpose: 'local socket', socketPath: socketPath(home) });
  const link = new RPCLink({ url: `http://localhost${RPC_PREFIX}`, fetch });
  const client: ContractRouterClient<Contract> = createORPCClient(link);
  const ready = () =>
    expect
      .poll(() =>
        client.app.status().then(
          ({ phase }) => phase,
          () => null,
        ),
      )
      .toBe('ready');
  try {
    const first = await start();
    await ready();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { secretsIn } = await client.backends.add({ url, name: 'Studio', key: KEY });
    await client.backends.check();
    expect(keys).toContain(`Bearer ${KEY}`);
    const isSystem = await first.app.evaluate(
      ({ safeStorage }) =>
        safeStorage.isEncryptionAvailable() &&
        !(process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text'),
    );
    expect(secretsIn).toBe(isSystem ? 'system' : 'file');
    const file = path.join(home, 'secrets.json');
    expect(readFileSync(file, 'utf8').includes(KEY)).toBe(!isSystem);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.quit();
    keys.clear();

    await start();
    await ready();
    await client.backends.check();
    expect(keys).toContain(`Bearer ${KEY}`);
  } finally {
    fetch.close();
    server.closeAllConnections();
    server.close();
  }
});
