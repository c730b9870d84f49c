// What the stages over a scripted server share.
import net from 'node:net';
import { expect, vi } from 'vitest';
import type { SeenRequest } from '../../../../support/scripted-server.ts';
import { atEnd } from '../../setup.ts';
import type { Behaviour, Scripted } from '../subject.ts';
import { PIECES } from '../subject.ts';

/** Accepts connections and keeps them; says nothing, or the same at once to everybody, and never hears. */
export async function deafServer(says = ''): Promise<{ host: string; open: () => number }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    // Read, so that the end of the other side is seen.
    socket.resume();
    if (says !== '') socket.write(says);
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as net.AddressInfo).port}`, open: () => sockets.size };
}

export function answerOf(behaviour: Behaviour): { pieces: readonly string[]; splitBytes: number | null } {
  if (behaviour.does !== 'answer') return { pieces: PIECES, splitBytes: null };
  return { pieces: behaviour.pieces ?? PIECES, splitBytes: behaviour.splitBytes ?? null };
}

/** The last question's connection was ended by the one who asked. */
export function expectAborted(requests: readonly SeenRequest[]): void {
  expect(requests.at(-1)).toMatchObject({ aborted: true });
}

/** Waits for one more question than there were. */
export function createArrival(count: () => number): { mark: () => void; arrived: () => Promise<void> } {
  let before = count();
  return {
    mark: () => (before = count()),
    arrived: () => vi.waitFor(() => expect(count()).toBeGreaterThan(before), { timeout: 20_000, interval: 5 }),
  };
}

/** What the user said last, in the bodies of chats. */
export function lastSaid(body: unknown): string {
  const { messages } = body as { messages: { content: string }[] };
  return messages.at(-1)?.content ?? '';
}

/** Of a server that answers each question with its own text. */
export function answerTo(question: string): string {
  return `answer to ${question} ${'·'.repeat(question.length)}`;
}

/** Questions that differ, with their answers. */
export function numbered(count: number): Scripted[] {
  return Array.from({ length: count }, (_, index) => {
    const content = `question ${index}`;
    return { request: { model: 'tiny', messages: [{ role: 'user', content }] }, text: answerTo(content) };
  });
}
