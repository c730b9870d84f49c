import { ORPCError } from '@orpc/client';
import { RPCHandler } from '@orpc/server/message-port';
import { implement } from '@orpc/server';
import { afterEach, expect, test } from 'vitest';
import { contract } from '../../../src/contract/index.ts';
import { asErrorInfo, getClient, PORT_MESSAGE, setClient } from '../../../src/renderer/lib/index.ts';
import { hearthError } from '../../support/component/fake-hearth.ts';

const ends = new AbortController();
afterEach(() => setClient(null));

/** Our ends of the channels that the client makes from now on. */
function keepPorts(): MessagePort[] {
  const ports: MessagePort[] = [];
  const Plain = MessageChannel;
  window.MessageChannel = class extends Plain {
    constructor() {
      super();
      ports.push(this.port1);
    }
  };
  ends.signal.addEventListener('abort', () => (window.MessageChannel = Plain));
  return ports;
}

/** The other side: what the preload and main do with the port. */
function serve(): MessagePort[] {
  const ports: MessagePort[] = [];
  const os = implement(contract);
  const handler = new RPCHandler({
    app: {
      retry: os.app.retry.handler(() => ({})),
      dismissNotice: os.app.dismissNotice.handler(({ errors, input }) => {
        throw errors.HEARTH({ data: { code: 'not_found', message: `No notice ${input.id}.`, params: {} } });
      }),
    },
  });
  window.addEventListener(
    'message',
    (event: MessageEvent<{ type?: string }>) => {
      const [port] = event.ports;
      if (event.data?.type !== PORT_MESSAGE || !port) return;
      ports.push(port);
      handler.upgrade(port);
      port.start();
    },
    { signal: ends.signal },
  );
  return ports;
}

test('it connects over a port, carries main’s own sentences, and connects anew when the port has died', async () => {
  const ports = serve();
  const ours = keepPorts();
  await expect(getClient().app.retry()).resolves.toEqual({});
  expect(ports).toHaveLength(1);
  const failure = await getClient()
    .app.dismissNotice({ id: 'x' })
    .catch((error: unknown) => asErrorInfo(error));
  expect(failure).toEqual({ code: 'not_found', message: 'No notice x.', params: {} });

  // The event is Electron's own addition to ports; the plain browser of this test has to be told.
  const before = getClient();
  ours[0]?.dispatchEvent(new Event('close'));
  expect(getClient()).not.toBe(before);
  await expect(getClient().app.retry()).resolves.toEqual({});
  expect(ports).toHaveLength(2);
  ends.abort();
});

test('what main did not explain gets a plain sentence, with the details for the log only', () => {
  expect(asErrorInfo(hearthError('The disk is full.', 'storage_disk_full'))).toMatchObject({
    code: 'storage_disk_full',
    message: 'The disk is full.',
  });
  const crash = asErrorInfo(new ORPCError('INTERNAL_SERVER_ERROR'));
  expect(crash.code).toBe('internal');
  expect(crash.message).toMatch(/^Something in Hearth failed\./);
  expect(asErrorInfo(new ORPCError('BAD_REQUEST')).code).toBe('bad_request');
  expect(asErrorInfo('odd')).toMatchObject({ code: 'internal', detail: 'odd' });
});
