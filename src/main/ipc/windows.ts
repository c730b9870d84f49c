// Serves the contract to a window over a MessagePort.
import type { SupportedMessagePort } from '@orpc/client/message-port';
import { RPCHandler } from '@orpc/server/message-port';
import type { Router } from './router.ts';

interface StartablePort {
  start(): void;
}

/** Returns the function that takes a window's port into service; the caller has checked who sent it. */
export function serveWindows(router: Router): (port: SupportedMessagePort & StartablePort) => void {
  const handler = new RPCHandler(router);
  return (port) => {
    handler.upgrade(port, { context: { client: 'window' } });
    port.start();
  };
}
