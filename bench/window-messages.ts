// How many messages a stream sends to a window, at 200 and at 1,000 tokens a second: counted on the port itself, with
// everything the contract's layer adds. Goal: 65 a second, and the first token in a message of its own.
import { randomUUID } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../src/contract/index.ts';
import { SEEN_EVERY } from '../src/contract/limits.ts';
import { createRouter, serveWindows } from '../src/main/ipc/index.ts';
import { startBench } from './support/bench-services.ts';
import { reportRatio } from './support/report.ts';
import { noDesktop } from '../tests/support/no-desktop.ts';

const GOAL_PER_SECOND = 65;
const SECONDS = 4;

const bench = await startBench();
const { port1, port2 } = new MessageChannel();
serveWindows(createRouter(bench.services, noDesktop))(port1);
let messages = 0;
port2.on('message', () => (messages += 1));
const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port2 }));

for (const rate of [200, 1000]) {
  const { answer } = await client.chat.send({
    conversationId: null,
    text: `first=50 rate=${rate} tokens=${rate * SECONDS}`,
  });
  const attachmentId = randomUUID();
  const before = messages;
  let events = 0;
  let firstText = '';
  let startedAt = 0;
  let text = '';
  for await (const event of await client.chat.attach({ messageId: answer.id, afterSeq: 0, attachmentId })) {
    if (event.type === 'settled') break;
    if (event.type !== 'delta') continue;
    if (startedAt === 0) startedAt = performance.now();
    firstText ||= event.text ?? '';
    text += event.text ?? '';
    events += 1;
    if (events % SEEN_EVERY === 0) void client.chat.seen({ attachmentId, seq: event.seq });
  }
  const perSecond = (messages - before) / ((performance.now() - startedAt) / 1000);
  const tokens = text.trim().split(' ').length;
  if (tokens !== rate * SECONDS) throw new Error(`${tokens} tokens arrived, ${rate * SECONDS} were sent`);
  reportRatio(`window-messages-${rate}`, perSecond / GOAL_PER_SECOND, 1, {
    messages_per_second: perSecond,
    first_message_tokens: firstText.trim().split(' ').length,
  });
}
port2.close();
await bench.stop();
